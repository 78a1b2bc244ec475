using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.State;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch streams register</c>: registers a live stream in front of every service that shares the store.</summary>
internal sealed class StreamRegisterCommand : DispatchCommand
{
    private readonly Argument<string> _key = new("KEY") { Description = "The stream's key, as players ask for it; one that is there already is replaced" };
    private readonly Option<string> _origin = new("--origin") { Description = "The origin that ingests it", HelpName = "ID", Required = true };
    private readonly Option<double?> _mbps = NumberOption.Real("--mbps", "MBPS", "Its rate with all variants; 6 where not given", aboveZero: true);
    private readonly Option<string?> _variants = new("--variants") { Description = "Rates of its variants, which sum to --mbps, for instance 5,2,1", HelpName = "MBPS,…" };
    private readonly Option<string?> _for = new("--for") { Description = "When it leaves the registry by itself: a time such as 90m, 6h or 1d, or a moment; never where not given", HelpName = "T" };
    private readonly StoreOption _store = new();
    private readonly Option<bool> _json = JsonOption();

    public StreamRegisterCommand(Terminal terminal)
        : base(terminal, "register", "Registers a live stream: answers lead to its origin at once, and the next solve plans it")
    {
        Add(_key);
        foreach (Option option in (Option[])[_origin, _mbps, _variants, _for]) Add(option);
        _store.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch streams register harbour-cam --origin og-1 --mbps 8 --for 6h --redis 127.0.0.1:6379",
        "dispatch streams register city-cup --origin og-2 --mbps 8 --variants 5,2,1 --state /var/lib/dispatch",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        DateTimeOffset? until = null;
        if (parsed.GetValue(_for) is { } end && !HealthTarget.TryParseUntil(end, Terminal.Clock.GetUtcNow(), out until))
            return Task.FromResult(Refuse($"--for is '{end}'; it must be a time of at most a year such as 6h, or a moment to come such as 2030-01-02T03:04:05Z"));
        List<double> variants = [];
        foreach (string part in (parsed.GetValue(_variants) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out double rate))
                return Task.FromResult(Refuse($"--variants holds '{part}'; each must be a rate in Mbit/s"));
            variants.Add(rate);
        }
        LiveStream stream = new(parsed.GetRequiredValue(_key), parsed.GetRequiredValue(_origin), parsed.GetValue(_mbps) ?? 6) { VariantMbps = [.. variants], Expires = until };
        return _store.RunAsync(parsed, Terminal, store => RegisterAsync(parsed, store, stream, cancellation), cancellation);
    }

    private async Task<int> RegisterAsync(ParseResult parsed, IStateStore store, LiveStream stream, CancellationToken cancellation)
    {
        // A misspelt origin would be left out of every world, and the stream never planned.
        if ((await store.Worlds.ReadAsync(cancellation)).World is not { } world)
            Terminal.WriteHint("the store holds no world to look the origin up in: it is taken as it is");
        else if (world.OriginOrdinal(stream.OriginId) < 0)
            return Refuse($"world {world.Version} has no origin '{stream.OriginId}'; it has {string.Join(", ", world.Origins.Select(static o => o.Id))}");
        try
        {
            await store.Streams.PutAsync(stream, $"operator:{Environment.UserName}", cancellation);
        }
        catch (ArgumentException e)
        {
            return Refuse(e.Message);
        }
        StreamListReport.Write(Terminal, await store.Streams.ListAsync(cancellation), parsed.GetValue(_json));
        return ExitCode.Done;
    }

    private int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return ExitCode.BadInput;
    }
}
