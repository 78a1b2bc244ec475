using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Options;

/// <summary>What a process does.</summary>
public enum Role
{
    /// <summary>Solves when it leads, and answers.</summary>
    All,

    /// <summary>Solves when it leads; it answers about itself alone.</summary>
    Solve,

    /// <summary>Answers from what others solve.</summary>
    Serve,

    /// <summary>Folds samples for those who solve; it never leads, and answers about itself alone.</summary>
    Fold,
}

/// <summary>How processes share their state. Immutable; its text form shows no secret.</summary>
/// <param name="Redis">Where Redis is.</param>
/// <param name="Lease">How long a leader leads unless it says so again, 1 s to 10 minutes; default 10 s.</param>
/// <param name="Poll">How often tables are looked for besides hearing of them, 1 s to 1 minute; default 2 s.</param>
public sealed record SharedSettings(RedisSettings Redis, TimeSpan Lease, TimeSpan Poll)
{
    /// <summary>How long a leader leads where nothing is said.</summary>
    public static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(10);

    /// <summary>How often tables are looked for where nothing is said.</summary>
    public static readonly TimeSpan DefaultPoll = TimeSpan.FromSeconds(2);
}
