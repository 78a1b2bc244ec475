using System.Collections.Concurrent;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>One moment as the page shows it, shared by all who look. Immutable.</summary>
/// <param name="Id">Names it; never used twice, also by another process.</param>
/// <param name="Status">What the process says of itself.</param>
/// <param name="State">What is in force; null before the first table.</param>
/// <param name="World">The facts; null where this process has none.</param>
/// <param name="Places">Who and where everything is.</param>
/// <param name="Traffic">What goes where.</param>
internal sealed record PageMoment(string Id, StatusReply Status, ServingState? State, World? World, PageBody Places, TrafficView Traffic);

/// <summary>A moment, ready to be sent.</summary>
/// <param name="Moment">The moment.</param>
/// <param name="Open">The state without money and prices.</param>
/// <param name="All">The state with them.</param>
internal sealed record PageSnapshot(PageMoment Moment, PageBody Open, PageBody All)
{
    /// <summary>Edges that somebody has asked for; each is worked out once a moment, however many ask.</summary>
    public ConcurrentDictionary<(int Edge, bool ShowsAll), Lazy<Task<PageBody>>> Edges { get; } = [];

    /// <summary>What a visitor may see.</summary>
    public PageBody For(Visitor visitor) => visitor.SeesAll ? All : Open;
}
