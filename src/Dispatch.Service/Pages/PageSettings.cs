namespace TrafficDispatch.Service.Pages;

/// <summary>Who may look at the page, and how it is kept live. Immutable.</summary>
public sealed record PageSettings
{
    /// <summary>Most pages that are kept live at a time, 0 to 10,000; further ones ask now and then. Default 64.</summary>
    public int MaxStreams { get; init; } = 64;

    /// <summary>How often a page without news hears how old the table is, 1 s to 1 min; default 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most flows that the map draws at once, 0 to 20,000; the greatest come first. Default 1,500.</summary>
    public int MostFlows { get; init; } = 1500;

    /// <summary>True (default) where callers on this machine see costs and explanations without a role.</summary>
    public bool OpenHere { get; init; } = true;
}
