using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.State;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch health</c>: takes nodes out and gives them back, by hand, in front of every service that shares the store.</summary>
internal sealed class HealthCommand : DispatchCommand
{
    private readonly Argument<string> _action = new("ACTION") { Description = "set, clear or list" };
    private readonly Argument<string[]> _targets = new("TARGETS")
    {
        Description = "What it is about: edge:ID, relay:ID, origin:ID, domain:ID or operator:ID; none for list",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string> _as = new("--as")
    {
        Description = "drained (serves nobody, whatever else is down), down (fails: answered with only when nothing else is left), or the part of its capacity that is usable, from 0 to below 1",
        HelpName = "STATE",
        DefaultValueFactory = static _ => "drained",
    };
    private readonly Option<string?> _until = new("--until") { Description = "When it ends by itself: a time such as 90s, 30m, 2h or 1d, or a moment; not before it is cleared where not given", HelpName = "T" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for people; at most 1000 characters", HelpName = "TEXT", DefaultValueFactory = static _ => "" };
    private readonly Option<string?> _source = new("--source") { Description = "Who says so, one statement a target; operator: and the system's user where not given", HelpName = "NAME" };
    private readonly Option<bool> _everyone = new("--everyone") { Description = "Clear what anybody said of the targets" };
    private readonly StoreOption _store = new();
    private readonly Option<bool> _json = JsonOption();

    public HealthCommand(Terminal terminal)
        : base(terminal, "health", "Takes edges, relays, origins, fault domains and operators out of answers and gives them back")
    {
        Add(_action);
        Add(_targets);
        foreach (Option option in (Option[])[_as, _until, _reason, _source, _everyone]) Add(option);
        _store.AddTo(this);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch health set edge:own-fra-1 --redis 127.0.0.1:6379 --until 30m --reason maintenance",
        "dispatch health set domain:FR:Paris --as down --redis 127.0.0.1:6379",
        "dispatch health clear edge:own-fra-1 --everyone --redis 127.0.0.1:6379",
        "dispatch health list --state /var/lib/dispatch --json",
    ];

    private static string Self => $"operator:{Environment.UserName}";

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string[] targets = parsed.GetValue(_targets) ?? [];
        string action = parsed.GetRequiredValue(_action);
        if (action is not ("set" or "clear" or "list")) return Task.FromResult(Refuse($"'{action}' must be set, clear or list"));
        if ((targets.Length == 0) != (action == "list")) return Task.FromResult(Refuse(action == "list" ? "list takes no target: it shows everything" : $"{action} needs a target, for instance edge:own-fra-1"));
        if (HealthTarget.ParseAll(targets, Terminal) is not { } read) return Task.FromResult(ExitCode.BadInput);
        return action switch
        {
            "set" => SetAsync(parsed, read, cancellation),
            "clear" => _store.RunAsync(parsed, Terminal, store => ClearAsync(parsed, store, read, cancellation), cancellation),
            _ => _store.RunAsync(parsed, Terminal, store => ShowAsync(parsed, store, 0, cancellation), cancellation),
        };
    }

    private Task<int> SetAsync(ParseResult parsed, ImmutableArray<HealthTarget> targets, CancellationToken cancellation)
    {
        string state = parsed.GetValue(_as)!, source = parsed.GetValue(_source) ?? Self, reason = parsed.GetValue(_reason)!;
        DateTimeOffset now = Terminal.Clock.GetUtcNow();
        DateTimeOffset? until = null;
        if (!HealthTarget.TryParseState(state, out HealthState said, out double factor)) return Task.FromResult(Refuse($"--as is '{state}'; it must be drained, down or a part from 0 to below 1"));
        if (parsed.GetValue(_until) is { } end && !HealthTarget.TryParseUntil(end, now, out until))
            return Task.FromResult(Refuse($"--until is '{end}'; it must be a time of at most a year such as 30m, or a moment to come such as 2030-01-02T03:04:05Z"));
        return _store.RunAsync(parsed, Terminal, async store =>
        {
            if (!await AreKnownAsync(store, targets, cancellation)) return ExitCode.BadInput;
            try
            {
                foreach (HealthTarget target in targets)
                    await store.HealthOverrides.PutAsync(new(new(target.Scope, target.Id, said, factor), source, reason, now, until), cancellation);
            }
            catch (ArgumentException e)
            {
                return Refuse(e.Message);
            }
            return await ShowAsync(parsed, store, targets.Length, cancellation);
        }, cancellation);
    }

    private async Task<int> ClearAsync(ParseResult parsed, IStateStore store, ImmutableArray<HealthTarget> targets, CancellationToken cancellation)
    {
        string source = parsed.GetValue(_source) ?? Self;
        bool everyone = parsed.GetValue(_everyone);
        ImmutableArray<HealthOverride> said = (await store.HealthOverrides.ListAsync(cancellation)).Overrides;
        int cleared = 0;
        foreach (HealthTarget target in targets)
        {
            string[] others = [.. said.Where(o => new HealthTarget(o.Statement.Scope, o.Statement.Id) == target).Select(static o => o.Source)];
            foreach (string who in everyone ? others : [source])
                if (await store.HealthOverrides.RemoveAsync(target.Scope, target.Id, who, cancellation)) cleared++;
            if (!everyone && others.Except([source], StringComparer.Ordinal).ToArray() is { Length: > 0 } left)
                Terminal.WriteHint($"{target} stays as {string.Join(", ", left)} said; --source NAME or --everyone clears that, too");
        }
        if (cleared > 0) return await ShowAsync(parsed, store, cleared, cancellation);
        return Refuse(everyone ? "nobody said anything of these targets" : $"{source} said nothing of these targets");
    }

    private async Task<int> ShowAsync(ParseResult parsed, IStateStore store, int changed, CancellationToken cancellation)
    {
        OverrideList list = await store.HealthOverrides.ListAsync(cancellation);
        foreach (string fault in list.Faults) Terminal.Error.WriteLine($"warning: {fault}; services hold to what they read of it before");
        if (parsed.GetValue(_json)) OverrideReport.WriteJson(Terminal.Output, list, changed);
        else OverrideReport.WriteText(Terminal, list);
        return ExitCode.Done;
    }

    /// <summary>A misspelt id would be stored and heeded by nobody.</summary>
    private async Task<bool> AreKnownAsync(IStateStore store, ImmutableArray<HealthTarget> targets, CancellationToken cancellation)
    {
        if ((await store.Worlds.ReadAsync(cancellation)).World is not { } world)
        {
            Terminal.WriteHint("the store holds no world to look the ids up in: they are taken as they are; 'dispatch status' shows what took effect");
            return true;
        }
        HealthTarget[] unknown = [.. targets.Where(t => !t.IsIn(world))];
        foreach (HealthTarget target in unknown) Terminal.WriteFault($"world {world.Version} has no {target}");
        return unknown.Length == 0;
    }

    private int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return ExitCode.BadInput;
    }
}
