namespace TrafficDispatch.Service.Tests;

/// <summary>A state folder that goes away with the test.</summary>
internal sealed class StateDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("dispatch-state-").FullName;

    /// <summary>The table files, oldest version first.</summary>
    public string[] Tables() => [.. Directory.GetFiles(Path, "table-*").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
