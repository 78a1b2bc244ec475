namespace TrafficDispatch.State.Facts;

/// <summary>Under which name the tables of a world lie. Immutable.</summary>
/// <param name="Name">What keys and files begin with.</param>
/// <param name="Grace">How long tables stay that are no longer named, for readers that are at them.</param>
/// <param name="IsAnnounced">Whether others are told of a new one.</param>
internal sealed record WorldPlace(string Name, TimeSpan Grace, bool IsAnnounced)
{
    /// <summary>The world in force.</summary>
    public static readonly WorldPlace InForce = new("world", TimeSpan.FromMinutes(10), IsAnnounced: true);

    /// <summary>
    /// What the last solve read. Replaced with every table and read only by whoever begins to lead, so that old tables soon go: at planet size
    /// measured round trips alone are 67 MB a time.
    /// </summary>
    public static readonly WorldPlace Solved = new("solved", TimeSpan.FromSeconds(30), IsAnnounced: false);
}
