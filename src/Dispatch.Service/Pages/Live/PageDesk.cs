using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Pages.Data;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Live;

/// <summary>Makes what pages show, on a thread of its own below those that answer: once for all who look, and only while somebody does. Thread-safe.</summary>
internal sealed class PageDesk(
    TableHolder holder, StatusService status, WorldSource source, PageSettings settings, SolveSettings solve, ILogger<QuietThread> log) : IDisposable
{
    // Apart from the thread that takes tables: no page may make a table wait.
    private readonly QuietThread _thread = new(log);
    private readonly string _process = Guid.NewGuid().ToString("N")[..8];
    private long _made;
    private (TableContent? Table, LoadedWorld? World, PageBody Body) _places = (null, null, PageBody.Empty);
    private (ServingState? State, World? World, TrafficView View) _traffic = (null, null, new([], [], [], [], [], [], ""));

    /// <summary>Has something made on the thread of pages.</summary>
    public async Task<T> RunAsync<T>(Func<T> make)
    {
        T made = default!;
        await _thread.RunAsync(() => made = make());
        return made;
    }

    /// <summary>Makes a snapshot of this moment.</summary>
    public Task<PageSnapshot> TakeAsync() => RunAsync(Take);

    /// <summary>What changes with time alone, as of now.</summary>
    public byte[] Pulse() => StateJson.Pulse(status.Now(), 3 * solve.Interval);

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    // On the thread of pages alone.
    private PageSnapshot Take()
    {
        // The status looks at what is in force by itself: a swap in between brings another moment soon.
        ServingState? state = holder.Current;
        LoadedWorld? loaded = source.Current;
        string id = string.Create(CultureInfo.InvariantCulture, $"{_process}-{++_made}");
        PageMoment moment = new(id, status.Now(), state, loaded?.World, PlacesOf(state, loaded), TrafficOf(state, loaded?.World));
        return new(moment, Body(moment, showsAll: false), Body(moment, showsAll: true));
    }

    private PageBody Body(PageMoment moment, bool showsAll) => new(PageBody.Json, new StateJson(moment, showsAll, settings.MostFlows).Write());

    private PageBody PlacesOf(ServingState? state, LoadedWorld? loaded)
    {
        if (state?.Table.Content is not { } table) return PageBody.Empty;
        if (!ReferenceEquals(_places.Table, table) || !ReferenceEquals(_places.World, loaded))
        {
            byte[] bytes = PlacesJson.Of(table, loaded);
            // Most tables speak of the same places: their bytes keep their tag, and the compressed form.
            bool same = bytes.AsSpan().SequenceEqual(_places.Body.Bytes);
            _places = (table, loaded, same ? _places.Body : new PageBody(PageBody.Json, bytes));
        }
        return _places.Body;
    }

    private TrafficView TrafficOf(ServingState? state, World? world)
    {
        if (state is null) return _traffic.View with { EntryDemand = [] };
        bool same = ReferenceEquals(_traffic.State?.Table, state.Table) && ReferenceEquals(_traffic.State?.Overlay, state.Overlay) && ReferenceEquals(_traffic.State?.Plan, state.Plan);
        if (!same || !ReferenceEquals(_traffic.World, world))
            _traffic = (state, world, TrafficView.Of(state.Table, state.Overlay.Down, DemandReading.DemandOf(state, world), DemandReading.CapacityOf(state, world, holder)));
        return _traffic.View;
    }
}
