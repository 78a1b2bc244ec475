namespace TrafficDispatch.Pages.Tests;

/// <summary>The service over the shipped world, with its failovers, for tests that only look.</summary>
public sealed class ShippedService : IAsyncLifetime, IDisposable
{
    private readonly StateDirectory _state = new();
    private TestService? _service;

    internal TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync() => _service = await TestService.StartAsync(Repository.World, _state.Path, null, "Solve:UtcHour=12");

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose() => _state.Dispose();
}
