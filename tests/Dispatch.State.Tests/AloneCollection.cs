namespace TrafficDispatch.State.Tests;

/// <summary>Tests that weigh the whole process: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
