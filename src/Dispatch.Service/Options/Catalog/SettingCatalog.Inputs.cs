using TrafficDispatch.Measure;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Media;
using TrafficDispatch.Service.Relays;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>What is heard: samples, probes, load, reports about paths, published streams.</summary>
internal static partial class SettingCatalog
{
    private static SettingGroup Telemetry { get; } = Of(new TelemetrySettings(), MeasureSettings.Default);

    private static SettingGroup HealthAndLoad { get; } = Of(new HealthSettings(), new());

    private static SettingGroup Live { get; } = Of(new PathSettings(), new());

    private static SettingGroup Of(TelemetrySettings d, MeasureSettings measure) => new("Telemetry", "[How samples count](../telemetry.md).",
    [
        Path("Telemetry:TokenFile",
            "a file whose first line reporters on other machines must send; without it they need the role of a [reporter](../security.md#roles). Read again when it changes"),
        Time("Telemetry:HalfLife", Seconds(10), Hours(24), measure.HalfLife, "after this time a sample counts half"),
        Whole("Telemetry:BatchesPerSecond", 1, 100_000, d.BatchesPerSecond, "batches a second of one stream"),
        Whole("Telemetry:Streams", 1, 100_000, d.Streams, "streams of reporters at the same time"),
        Whole("Telemetry:Backlog", 1, 10_000_000, d.Backlog, "batches that may wait to be folded; beyond, reporters wait"),
        Whole("Telemetry:PartMegabytes", 1, 65_536, d.PartMegabytes,
            "with Redis: what workers hand to each other is kept 26 minutes (by half-life), and at most so much of it"),
        Time("Telemetry:KeepEvery", Seconds(1), Hours(1), d.KeepEvery, "how often the leader keeps what lives longer than samples, and the others read it"),
        Whole("Telemetry:PathCells", 1, 20_000_000, measure.PathCells, "most pairs of group and edge that are remembered"),
        Whole("Telemetry:Reporters", 1, 16_383, measure.Reporters, "most reporters that are remembered"),
        Whole("Telemetry:Resolvers", 1, 10_000_000, measure.Resolvers, "most resolvers whose clients are remembered"),
    ]);

    private static SettingGroup Of(HealthSettings d, LoadSettings load) => new("Health and load", "Rules of [probes and load](../health.md).",
    [
        Whole("Health:Quorum", 1, 100, d.Quorum, "vantages that must hold a node down, and be more than half of those that see it"),
        Whole("Health:BadToFall", 1, 1000, d.BadToFall, "bad probes in a row after which a vantage holds a node down"),
        Whole("Health:GoodToRise", 1, 1000, d.GoodToRise, "good probes in a row after which it holds the node up again"),
        Whole("Health:MostTakenPercent", 0, 100, d.MostTakenPercent, "part of the capacity of all edges (of the number of relays, of origins) that probes may take away"),
        Whole("Health:MostTakenDomainPercent", 0, 100, d.MostTakenDomainPercent, "the same within one fault domain"),
        Time("Health:PenaltyHalfLife", Seconds(1), Hours(24), d.PenaltyHalfLife, "after this time half of what falls count against a node is forgotten"),
        Time("Health:ReturnStep", Seconds(1), Hours(24), d.ReturnStep, "how long an edge that comes back keeps 10, then 25, then 50 % of its clients"),
        OneOf("Health:TelemetryVote", "one", "what [losses that clients measure](../health.md#what-clients-measure) weigh", "off", "one", "quorum"),
        Whole("Health:TelemetryLossPercent", 1, 100, d.TelemetryLossPercent, "from what loss on a path is one that loses"),
        Whole("Health:TelemetryRegions", 1, 10_000, d.TelemetryRegions, "regions that must see an edge before clients have a word on it"),
        Whole("Health:TelemetryReporters", 1, 10_000, d.TelemetryReporters, "reporters that must see it"),
        Switch("Health:RemoteProbes", false, "without `Probes:TokenFile` probes are taken from other machines, too, whoever sends them"),
        Path("Probes:TokenFile", "lines `VANTAGE TOKEN` or `* TOKEN`: [vantages](../health.md#probes) must show one, from this machine too. Read again when it changes"),
        Whole("Load:CeilingPercent", 1, 1000, load.CeilingPercent, "load above which an edge gives clients away, percent of its usable capacity"),
        Whole("Load:TargetPercent", 1, 1000, load.TargetPercent, "load that this aims at; below the ceiling"),
        Whole("Load:RoomPercent", 0, 1000, load.RoomPercent, "load below which an edge that was full takes others' clients again; below the target"),
        Whole("Load:StepPercent", 1, 100, load.StepPercent, "points of its clients that an edge gives away in one step at most"),
        Whole("Load:LeastKeptPercent", 0, 100, load.LeastKeptPercent, "what an edge keeps at least, percent of its clients"),
        Time("Load:Settling", Seconds(1), Hours(24), load.Settling, "time in which clients follow a change; no second step before"),
        Time("Load:RecoverEvery", Seconds(1), Hours(24), load.RecoverEvery, "time between steps back"),
    ]);

    private static SettingGroup Of(PathSettings d, MediaSettings media) => new("Live streams", "[Paths that fail](../live.md#paths-that-fail), [the parent that is kept](../live.md#the-parent-that-is-kept) and [media servers](../live.md#srs).",
    [
        Time("Paths:Hold", Seconds(1), Hours(1), d.Hold, "how long answers keep away from a hop that is reported to fail, at first; each further failure doubles it"),
        Time("Paths:LongestHold", Seconds(1), Hours(1), d.LongestHold, "the same at most"),
        Time("Paths:Trial", TimeSpan.Zero, Hours(1), d.Trial, "how long a hop that comes back is tried by an eighth of the streams"),
        Time("Paths:HalfLife", Seconds(1), Hours(1), d.HalfLife, "after this time half of earlier failures is forgotten"),
        Whole("Paths:HopQuorum", 1, 100, d.HopQuorum, "nodes that report a hop which is not theirs"),
        Whole("Paths:RelayQuorum", 2, 100, d.RelayQuorum, "neighbours that report a relay"),
        Whole("Paths:MostPerReporter", 0, 1000, d.MostPerReporter, "hops of others that one reporter takes from all"),
        Whole("Paths:MostSharePercent", 0, 100, d.MostSharePercent, "their share of the hops at a node"),
        Whole("Paths:MostTakenPercent", 0, 100, d.MostTakenPercent, "share of the relay network's hops and relays that all reports take"),
        Number("Paths:LossPercent", 0, 100, d.LossPercent, "measured loss below this is no failure"),
        Whole("Paths:KeepPercent", 0, 1000, d.Keep.Percent, "what the path in use may weigh above the best and stay"),
        Whole("Paths:KeepMs", 0, 10_000, d.Keep.Microseconds / 1000, "the same in milliseconds"),
        Path("Paths:TokenFile", "lines `NODE TOKEN` or `* TOKEN`: nodes that report paths must show one, from this machine too. Read again when it changes"),
        Switch("Paths:Remote", d.Remote, "without `Paths:TokenFile` path reports are taken from other machines, too, whoever sends them"),
        OneOf("Media:StreamKey", "stream", "key of what a media server publishes", "stream", "app/stream", "vhost/app/stream"),
        Number("Media:BitrateMbps", 0.001, 100_000, media.BitrateMbps, "rate of a published stream where its hook does not say"),
        Time("Media:Lifetime", Minutes(1), Hours(24 * 30), media.Lifetime, "when a stream that nobody ended ends by itself"),
        Whole("Media:RtmpPort", 1, ushort.MaxValue, media.RtmpPort, "port of RTMP at the nodes"),
        Path("Media:TokenFile", "lines `NODE TOKEN` or `* TOKEN`: media servers must show one, from this machine too. Read again when it changes"),
        Switch("Media:Remote", media.Remote, "without `Media:TokenFile` hooks are taken from other machines, too, whoever sends them"),
    ]);
}
