namespace TrafficDispatch.Model.Files;

/// <summary>A column of an open table, found by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its place in the header, from 0; −1 where the table does not have it.</param>
internal readonly record struct Column(string Name, int Index)
{
    public bool Exists => Index >= 0 && Name is not null;
}
