using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Relays;

/// <summary>Reads troubles and votes from the wire.</summary>
internal static class PathReading
{
    /// <summary>The longest time that a vote of another process is believed to last; the rules hold it to less.</summary>
    public const ulong MostLeftMs = 3_600_000;

    private const int LongestName = 512;

    /// <summary>The trouble; <see cref="HopTrouble.None"/> where it is not known.</summary>
    public static HopTrouble Of(PathTrouble trouble) => trouble switch
    {
        PathTrouble.ConnectFailure => HopTrouble.Connect,
        PathTrouble.Stall => HopTrouble.Stall,
        PathTrouble.Loss => HopTrouble.Loss,
        PathTrouble.Rtt => HopTrouble.Rtt,
        PathTrouble.Works => HopTrouble.Works,
        _ => HopTrouble.None,
    };

    /// <summary>The trouble for the wire.</summary>
    public static PathTrouble ToWire(HopTrouble trouble) => trouble switch
    {
        HopTrouble.Connect => PathTrouble.ConnectFailure,
        HopTrouble.Stall => PathTrouble.Stall,
        HopTrouble.Loss => PathTrouble.Loss,
        HopTrouble.Rtt => PathTrouble.Rtt,
        HopTrouble.Works => PathTrouble.Works,
        _ => PathTrouble.Unspecified,
    };

    /// <summary>Reads a vote of another process; one that no such process sends is not read.</summary>
    public static bool TryRead(PathVote vote, out HopVote read)
    {
        read = default;
        HopTrouble trouble = Of(vote.Trouble);
        if (vote.Hop is not { } hop || trouble == HopTrouble.None || (trouble == HopTrouble.Works) != vote.Withdrawn) return false;
        foreach (string name in (ReadOnlySpan<string>)[vote.Reporter, hop.From, hop.To])
            if (name.Length is 0 or > LongestName) return false;
        if (vote.StreamKey.Length > LongestName || (vote.StreamKey.Length > 0) != (trouble == HopTrouble.Stall)) return false;
        read = new(vote.Reporter, new(hop.From, hop.To), vote.StreamKey, trouble, vote.Named);
        return true;
    }
}
