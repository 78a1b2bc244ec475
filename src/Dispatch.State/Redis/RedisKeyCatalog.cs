using System.Collections.Immutable;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// Every key and channel of schema 1: what <c>docs/reference/redis-keys.md</c> is written from. Names are made in <c>RedisKeys</c>; a test lets every store write and finds no key
/// that is not here.
/// </summary>
public static class RedisKeyCatalog
{
    private const string Feed = "`dispatch load`, feeds", Leader = "the leader", Solvers = "whoever may solve", Every = "every process", Replaced = "10 min after another world is in force; 1 h while it is written";

    /// <summary>All kinds, in the order of the reference.</summary>
    public static ImmutableArray<RedisKeyKind> All { get; } =
    [
        new("schema", "string", "", "`1`, the schema of all other keys. A process that finds another one touches nothing", "the first that writes", Every),

        new("world:stamp", "string", "", "what the world in force is made of, JSON: generation, version, time, and by table its generation, rows, bytes, SHA-256", Feed, Every),
        new("world:generation", "string", "", "the last generation that was given to a writer", Feed, Feed),
        .. Facts("world", Feed, Every, Replaced),
        Prefixes("world", Feed, Every, Replaced),

        new("lease", "hash", "the lease", "who leads: `token`, `holder`", Solvers, Every),
        new("lease:token", "string", "", "the last token that was given out", Solvers, Solvers),

        .. Archive("tables", "published tables", "a routing table in rows of 512 KB, as its file holds it", Every),
        new("tables:confirmed", "string", "", "which table the leader last held to be right, and when by the server's clock, ms", Leader, Every),
        .. Archive("solves", "the solves behind them", "names the snapshot, holds the hour, scales, billing and where the solve ended: 3 B a candidate, 4 B a group, 4 B an arc of the basis", "whoever leads next"),
        new("solved:stamp", "string", "", "as `world:stamp`, of the facts that the last published solve read, measurements among them", Leader, "whoever leads next"),
        new("solved:generation", "string", "", "as `world:generation`", Leader, Leader),
        .. Facts("solved", Leader, "whoever leads next", "30 s after another solve is archived; 1 h while it is written"),

        new("billing", "hash", "", "by month `YYYY-MM`: the book, beside it `:sha256`, the copy before `:before` and `:before.sha256`; 13 months", Leader, "whoever leads next"),

        new("overrides", "hash", "", "by `scope\\|id\\|source`: a statement of health, JSON. One whose time is over stays until it is cleared or said anew; nobody heeds it", "`dispatch drain`, `restore`, `health`", Every),
        new("overrides:taken", "set", "1 day", Taken("overrides"), "the same", "whoever gives back what a store forgot"),
        new("freeze", "hash", "", "under `freeze`: that a person has stopped publishing, who, why and until when, JSON; absent while publishing goes on", "`dispatch freeze`, `unfreeze`, `rollback`", Every),
        new("freeze:taken", "set", "1 day", Taken("the freeze"), "the same", "whoever gives back what a store forgot"),
        new("streams", "hash", "", "by stream: its registration at run time, JSON; planned by the next solve beside those of the world", "`dispatch streams`, media servers' hooks", Every),
        new("streams:taken", "set", "1 day", Taken("the streams"), "the same", "whoever gives back what a store forgot"),
        new("changes", "stream", "", "what people changed, a line of JSON each; the last 10,000 or so", "the admin plane", "`dispatch history`"),

        new("samples", "stream", "", "batches of samples that wait to be folded (group `fold`); a batch leaves when it is acknowledged. At most `Telemetry:Backlog`: beyond, reporters wait", "whoever takes reports", "whoever folds"),
        new("samples:seen:NAME", "string", "four half-lives and a minute (21 min)", "that the batch `REPORTER:SEQUENCE` was stored: a second one of this name is not", "whoever takes reports", "whoever takes reports"),
        new("samples:parts", "stream", "", "what workers made of batches, numbered; parts leave after five half-lives and a minute (26 min), and beyond `Telemetry:PartMegabytes`", "whoever folds", Solvers),
        new("samples:parts:figures", "hash", "", "`stored`, `bytes`, `dropped` of the parts", "whoever folds", Solvers),
        .. Archive("measures", "what measurements leave behind; 2 are kept", "resolvers' clients and levels of demand, each minute: 40 B a resolver, 18 B a region", "whoever leads next"),

        new("announced", "hash", "", "by topic (`world`, `tables`, `overrides`, `streams`, `freeze`): how often it was announced, and under `TOPIC.text` the last text", "whoever changes something", Every),
        new("announce", "channel", "", "`TOPIC SEQUENCE TEXT`: look there now. What it speaks of was stored before", "whoever changes something", Every),
        new("broadcast:probes", "channel", "", "probes that a process has taken (`dispatch.v1.ProbeBatch`); kept nowhere", Every, Every),
        new("broadcast:paths", "channel", "", "votes about hops of relays that a process took from reports (`dispatch.v1.PathVoteBatch`); kept nowhere", Every, Every),
        new("broadcast:edge-loads", "channel", "", "how loaded edges are, as the leader sees it from samples; kept nowhere", Leader, Every),
    ];

    private static ImmutableArray<RedisKeyKind> Facts(string place, string writes, string reads, string ends)
    {
        (string Table, string Holds)[] tables =
        [
            ("places", "regions, edges, relays, origins: ids, places, law, operators, fault domains; 1 row"),
            ("capacity", "Gbit/s of every edge, relay, origin, 8 B each; 1 row"),
            ("cost", "price model and prices, 17 B an edge, 8 B a relay; 1 row"),
            ("demand", "peak Gbit/s by region, 8 B each, and the curve of the day; 1 row"),
            ("latency", "milliseconds to every edge; a row a region"),
            ("loss", "loss to every edge; a row a region. Absent where a world has none"),
            ("links", "the relay network, 46 to 54 B a link; 1 row"),
            ("contracts", "capacity groups, bills, peering caps; 1 row"),
            ("services", "classes, services, endpoints; 1 row"),
            ("law", "`allowed.csv`; 1 row"),
            ("health", "`health.csv`; 1 row"),
            ("streams", "`streams.csv`; 1 row"),
        ];
        return [.. tables.Select(t => new RedisKeyKind($"{place}:G:{t.Table}", "hash", ends, t.Holds, writes, reads))];
    }

    private static RedisKeyKind Prefixes(string place, string writes, string reads, string ends) =>
        new($"{place}:G:prefixes", "hash", ends, "address prefixes, 10 B an IPv4 one, 22 B an IPv6 one; a row for 8,192", writes, reads);

    private static ImmutableArray<RedisKeyKind> Archive(string name, string what, string content, string reads) =>
    [
        new(name, "hash", "", $"by version: token, rows, bytes, SHA-256 of {what}", Leader, reads),
        new($"{name}:highest", "string", "", "the highest version ever listed", Leader, reads),
        new($"{name}:run", "string", "", "the run of the server (`run_id`) at which that was written; where it is another one, versions may have been forgotten", Leader, reads),
        new($"{name}:VERSION:TOKEN", "hash", "10 min after it is no longer listed; 1 h while it is written", $"{content}; `TOKEN` is the writer's", Leader, reads),
    ];

    private static string Taken(string what) => $"names that were taken out of {what} within the last day, and would not be given back to a store that was restarted empty";
}
