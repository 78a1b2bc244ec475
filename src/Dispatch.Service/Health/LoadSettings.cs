namespace TrafficDispatch.Service.Health;

/// <summary>When an edge that carries too much gives clients away, and how it gets them back. Immutable. Percentages are of usable capacity.</summary>
/// <remarks>
/// Three thresholds, room below target below ceiling, keep the loop from swinging: an edge sheds above the ceiling towards the target, gets back only
/// what will leave it below the target, and takes others' clients only below the room. A step waits until the one before it has come through.
/// </remarks>
public sealed record LoadSettings
{
    /// <summary>Load above which an edge sheds; default 95.</summary>
    public int CeilingPercent { get; init; } = 95;

    /// <summary>Load that shedding aims at, and that taking back never passes; default 85.</summary>
    public int TargetPercent { get; init; } = 85;

    /// <summary>Load below which an edge that was full takes others' clients again; default 75.</summary>
    public int RoomPercent { get; init; } = 75;

    /// <summary>Points of its clients that an edge gives away in one step at most; default 20.</summary>
    public int StepPercent { get; init; } = 20;

    /// <summary>What an edge keeps at least, percent of its clients; default 20: what is left is for the next solve.</summary>
    public int LeastKeptPercent { get; init; } = 20;

    /// <summary>Time in which clients follow a change, one TTL; no second step before; default 30 s.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Points that an edge gets back in one step; default 5.</summary>
    public int RecoverPercent { get; init; } = 5;

    /// <summary>Time between steps back; default one minute.</summary>
    public TimeSpan RecoverEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time after which a report says nothing any more; default 2 minutes. Then an edge gets back what it gave away, step by step.</summary>
    public TimeSpan Remembered { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What an edge carries, as measured.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="CarriedMbps">What it carries, Mbit/s, finite and at least 0.</param>
/// <param name="CapacityMbps">What it can carry now, Mbit/s, above 0.</param>
public readonly record struct EdgeLoad(string EdgeId, double CarriedMbps, double CapacityMbps)
{
    /// <summary>Load in percent of the capacity.</summary>
    public double Percent => 100 * CarriedMbps / CapacityMbps;

    /// <summary>True where the figures can be true.</summary>
    public bool IsValid => double.IsFinite(CarriedMbps) && CarriedMbps >= 0 && double.IsFinite(CapacityMbps) && CapacityMbps > 0;
}
