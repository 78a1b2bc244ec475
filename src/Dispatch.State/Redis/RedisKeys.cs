using System.Globalization;
using StackExchange.Redis;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State.Redis;

/// <summary>
/// The names of all keys, schema <see cref="Schema"/>. The prefix stands in braces: a Cluster keeps all keys of a world in one slot, which
/// the scripts that touch several of them need.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    /// <summary>The schema that this build reads and writes.</summary>
    public const string Schema = "1";

    private readonly string _root = $"{{{prefix}}}:";

    /// <summary>Holds <see cref="Schema"/>.</summary>
    public RedisKey SchemaKey => _root + "schema";

    /// <summary>Counts generations of a world.</summary>
    public RedisKey WorldGeneration(WorldPlace place) => WorldTables(place) + "generation";

    /// <summary>The stamp of a world.</summary>
    public RedisKey WorldStamp(WorldPlace place) => WorldTables(place) + "stamp";

    /// <summary>What the keys of a world's tables begin with.</summary>
    public string WorldTables(WorldPlace place) => $"{_root}{place.Name}:";

    /// <summary>The lease on solving.</summary>
    public RedisKey Lease => _root + "lease";

    /// <summary>The last token that was given out.</summary>
    public RedisKey LeaseToken => _root + "lease:token";

    /// <summary>The last announcement of each topic.</summary>
    public RedisKey Announced => _root + "announced";

    /// <summary>The channel of announcements.</summary>
    public string Channel => _root + "announce";

    /// <summary>A channel of broadcasts.</summary>
    public string Broadcast(string channel) => $"{_root}broadcast:{channel}";

    /// <summary>The billing books.</summary>
    public RedisKey Billing => _root + "billing";

    /// <summary>Which table the leader last held to be right, and when.</summary>
    public RedisKey Confirmed => _root + "tables:confirmed";

    /// <summary>Overrides of health.</summary>
    public RedisKey Overrides => _root + "overrides";

    /// <summary>Names of entries that were taken out of a key a short while ago.</summary>
    public static RedisKey TakenOut(RedisKey entries) => entries.Append(":taken");

    /// <summary>Whether tables may be published.</summary>
    public RedisKey Freeze => _root + "freeze";

    /// <summary>The stream of what people changed.</summary>
    public RedisKey Changes => _root + "changes";

    /// <summary>Streams registered at run time.</summary>
    public RedisKey Streams => _root + "streams";

    /// <summary>The stream of samples that wait to be folded.</summary>
    public RedisKey Samples => _root + "samples";

    /// <summary>Remembers that a batch of samples was stored.</summary>
    public RedisKey SampleName(string name) => $"{_root}samples:seen:{name}";

    /// <summary>The stream of what workers made of samples.</summary>
    public RedisKey SampleParts => _root + "samples:parts";

    /// <summary>How many of those there were, and how large they are.</summary>
    public RedisKey SamplePartFigures => _root + "samples:parts:figures";

    /// <summary>A table of a world.</summary>
    public RedisKey WorldTable(WorldPlace place, long generation, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{WorldTables(place)}{generation}:{name}");

    /// <summary>The list of what an archive holds.</summary>
    public RedisKey Archive(string archive) => _root + archive;

    /// <summary>The highest version that an archive ever held.</summary>
    public RedisKey ArchiveHighest(string archive) => $"{_root}{archive}:highest";

    /// <summary>The run of the server at which an archive's highest version was written.</summary>
    public RedisKey ArchiveRun(string archive) => $"{_root}{archive}:run";

    /// <summary>What the keys of an archive's contents begin with.</summary>
    public string ArchiveContents(string archive) => $"{_root}{archive}:";
}
