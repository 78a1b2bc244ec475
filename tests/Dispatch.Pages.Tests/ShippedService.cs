using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Pages.Tests;

/// <summary>The service over the shipped world for tests that only look. Its failovers come while the first of them run.</summary>
public sealed class ShippedService : IAsyncLifetime, IDisposable
{
    // Solves and failovers run below everything else in priority: on a machine that is full of work they take their time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly StateDirectory _state = new();
    private readonly TaskCompletionSource _table = new(TaskCreationOptions.RunContinuationsAsynchronously), _failovers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestService? _service;

    internal TestService Service => _service ?? throw new InvalidOperationException("It has not started.");

    public async Task InitializeAsync()
    {
        _service = TestService.Create(Repository.World, _state.Path, null, "Solve:UtcHour=12");
        _service.Holder.Swapped += (_, _) => Look();
        await _service.StartAsync();
        await _table.Task.WaitAsync(Patience);
    }

    /// <summary>Ends when all failovers are in the table: it is the last one then.</summary>
    internal Task SettledAsync() => _failovers.Task.WaitAsync(Patience);

    public async Task DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    public void Dispose() => _state.Dispose();

    private void Look()
    {
        _table.TrySetResult();
        if (Service.Holder.Current!.Failures.State == FailureState.Made) _failovers.TrySetResult();
    }
}
