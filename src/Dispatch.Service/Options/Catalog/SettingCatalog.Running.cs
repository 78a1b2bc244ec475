using TrafficDispatch.Service.Decisions;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>How processes share, who may do what, and what is told.</summary>
internal static partial class SettingCatalog
{
    private static SettingGroup Shared { get; } = new("Many processes", "[What they share](service.md#many-processes).",
    [
        Text("Redis:Configuration", "nodes and options in one line", "",
            "[where the state is](../redis.md#connection); it is then shared, and `World:Path` is not read. No password in it: a file, or `DISPATCH_REDIS_PASSWORD`"),
        Text("Redis:Prefix", "letters, digits, `.`, `_` and `-`", "dispatch", "parts worlds that share a server"),
        Time("Redis:Lease", Seconds(1), Minutes(10), SharedSettings.DefaultLease, "how long a leader leads unless it renews, which it does four times as often"),
        Time("Redis:Poll", Seconds(1), Minutes(1), SharedSettings.DefaultPoll, "how often tables are looked for besides hearing of them"),
        OneOf("Role", "all", "with Redis: `solve` solves and answers about itself alone, `serve` answers from what others solve, `all` does both; `fold` only "
            + "[folds samples](../telemetry.md#any-number-of-workers) for those that solve. All take reports", "all", "solve", "serve", "fold"),
    ]);

    private static SettingGroup Security { get; } = Of(new AdminSettings());

    private static SettingGroup Observing { get; } = Of(new(new("http://localhost"), IsHttp: false), new DecisionLogSettings());

    private static SettingGroup Of(AdminSettings d) => new("Security", "[Who may what](../security.md).",
    [
        Switch("Admin:LocalToken", d.LocalToken, "write `admin.token` under `State:Path` and heed it"),
        Path("Admin:TokenFile", "lines `NAME ROLE[,ROLE] TOKEN`: [who may what](../security.md#roles). Read again when it changes"),
        Path("Admin:CertificateFile", "lines `NAME ROLE[,ROLE] WHAT:VALUE`: [client certificates](../security.md#client-certificates) and what they may. Read again when it changes"),
        Path("Tls:ClientCaFile", "PEM of the authorities that must have signed [client certificates](../security.md#client-certificates), where an endpoint asks for them"),
        Switch("Admin:Plaintext", d.Plaintext, "the Admin endpoint may listen beyond this machine without TLS, for instance behind a proxy that speaks it"),
        Whole("Admin:AuditMegabytes", 1, 1000, d.AuditMegabytes, "from what size on another `audit.jsonl` is begun; five stay"),
    ]);

    private static SettingGroup Of(OtlpSettings d, DecisionLogSettings log) => new("Observability", "[Metrics, traces, the log of decisions](../observability.md). Where `Otlp` says nothing, the standard `OTEL_EXPORTER_OTLP_…` variables hold.",
    [
        Text("Otlp:Endpoint", "a URL without credentials", "", "where metrics and traces are sent by OTLP, for instance `http://127.0.0.1:4317`"),
        OneOf("Otlp:Protocol", "grpc", "how", "grpc", "http/protobuf"),
        Path("Otlp:HeadersFile", "lines `NAME: VALUE`: headers of each export, credentials among them"),
        Time("Otlp:Interval", Seconds(1), Minutes(10), d.Interval, "from one export of metrics to the next"),
        Time("Otlp:Timeout", Seconds(1), Minutes(1), d.Timeout, "how long an export may take"),
        Switch("Otlp:Metrics", d.Metrics, "send metrics"),
        Switch("Otlp:Traces", d.Traces, "send traces"),
        WholeOrOff("DecisionLog:OneIn", 1, 1_000_000_000, null, "one decision in so many is written to `decisions.jsonl` under `State:Path`"),
        Whole("DecisionLog:PerSecond", 1, 10_000, log.PerSecond, "most decisions a second that are written"),
        Whole("DecisionLog:Megabytes", 1, 10_000, log.Megabytes, "from what size on another file is begun"),
        Whole("DecisionLog:Files", 1, 100, log.Files, "how many files stay"),
        OneOf("Logging:Console:FormatterName", "simple", "`json` for structured lines", "simple", "json"),
        Text("Logging:LogLevel:Default", "a level: `Debug`, `Information`, `Warning`, `Error`, `None`", "Information", "what is logged; `Logging:LogLevel:CATEGORY` for one part"),
    ]);
}
