namespace TrafficDispatch.Service.Tests.Serve;

/// <summary>One service over the small test world for all tests that only ask.</summary>
public sealed class SmallWorldService : IAsyncLifetime, IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private TestService? _service;

    internal TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await TestService.StartAsync(_world.Directory, _state.Path, null, "Solve:UtcHour=20");

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }
}
