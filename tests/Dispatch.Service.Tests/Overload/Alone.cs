namespace TrafficDispatch.Service.Tests.Overload;

/// <summary>Tests that measure the whole process; nothing else runs in it meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
