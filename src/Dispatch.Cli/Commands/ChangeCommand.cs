using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Remote;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Commands;

/// <summary>A command that asks a service's admin plane for something.</summary>
internal abstract class ChangeCommand : DispatchCommand
{
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for people and for the audit; at most 1000 characters", HelpName = "TEXT", DefaultValueFactory = static _ => "" };
    private readonly Option<string?> _for = new("--for") { Description = "After this time it ends by itself: 90s, 30m, 2h or 1d; not before it is taken back where not given", HelpName = "TIME" };
    private readonly Option<string?> _behalf = new("--on-behalf-of") { Description = "Who asks, for the audit; the system's user where not given", HelpName = "NAME" };

    /// <summary>Names the command.</summary>
    protected ChangeCommand(Terminal terminal, string name, string description)
        : base(terminal, name, description) => Call = ServiceCall.ToAdmin(terminal);

    /// <summary>The way to the service.</summary>
    protected ServiceCall Call { get; }

    /// <summary>Whether JSON is asked for.</summary>
    protected Option<bool> Json { get; } = JsonOption();

    /// <summary>Adds what every change takes.</summary>
    protected void AddReason()
    {
        Add(_reason);
        Add(_behalf);
    }

    /// <summary>Adds the time after which a change ends by itself.</summary>
    protected void AddTime() => Add(_for);

    /// <summary>Adds the way to the service, last in the help.</summary>
    protected void AddCall()
    {
        Call.AddTo(this);
        Add(Json);
    }

    /// <summary>Why.</summary>
    protected string Reason(ParseResult parsed) => parsed.GetValue(_reason)!;

    /// <summary>Who asks.</summary>
    protected string OnBehalfOf(ParseResult parsed) => parsed.GetValue(_behalf) ?? Environment.UserName;

    /// <summary>For how long, in whole seconds; 0 for no end. Null after the fault is written.</summary>
    protected ulong? ForSeconds(ParseResult parsed)
    {
        if (parsed.GetValue(_for) is not { } text) return 0;
        DateTimeOffset now = Terminal.Clock.GetUtcNow();
        if (text.Length > 1 && text[^1] is 's' or 'm' or 'h' or 'd' && HealthTarget.TryParseUntil(text, now, out DateTimeOffset? until))
            return (ulong)Math.Max(1, Math.Ceiling((until.Value - now).TotalSeconds));
        Terminal.WriteFault($"--for is '{text}'; it must be a time of at most a year such as 30m");
        return null;
    }

    /// <summary>Reads what a change is about: <c>edge:ID</c> and the like, or the id of an edge alone. Null after the faults are written.</summary>
    protected IReadOnlyList<AdminTarget>? Targets(IEnumerable<string> texts)
    {
        List<AdminTarget> read = [];
        bool isFine = true;
        foreach (string text in texts)
        {
            if (HealthTarget.TryParse(text, out HealthTarget target)) read.Add(new AdminTarget { Kind = target.Scope.ToString().ToLower(CultureInfo.InvariantCulture), Id = target.Id });
            else if (text.Length > 0 && !text.Contains(':', StringComparison.Ordinal)) read.Add(new AdminTarget { Kind = "edge", Id = text });
            else
            {
                Terminal.WriteFault($"'{text}' must be an edge's id, or edge:ID, relay:ID, origin:ID, domain:ID or operator:ID");
                isFine = false;
            }
        }
        return isFine ? read : null;
    }
}
