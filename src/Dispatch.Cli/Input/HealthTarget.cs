using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Cli.Input;

/// <summary>What a statement of health is about, as a person writes it: <c>edge:fra-1</c>, <c>domain:HK:Hong Kong</c>.</summary>
internal readonly record struct HealthTarget(HealthScope Scope, string Id)
{
    /// <summary>Reads a target; the kind ends at the first colon.</summary>
    public static bool TryParse(string text, out HealthTarget target)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        HealthScope? scope = colon < 0 ? null : text[..colon] switch
        {
            "edge" => HealthScope.Edge,
            "relay" => HealthScope.Relay,
            "origin" => HealthScope.Origin,
            "domain" => HealthScope.Domain,
            "operator" => HealthScope.Operator,
            _ => null,
        };
        target = scope is { } known ? new(known, text[(colon + 1)..]) : default;
        return scope is not null && target.Id.Length > 0;
    }

    /// <summary>Reads all of them; null after the faults are written.</summary>
    public static ImmutableArray<HealthTarget>? ParseAll(IEnumerable<string> texts, Terminal terminal)
    {
        List<HealthTarget> read = [];
        int asked = 0;
        foreach (string text in texts)
        {
            asked++;
            if (TryParse(text, out HealthTarget target)) read.Add(target);
            else terminal.WriteFault($"'{text}' must be edge:ID, relay:ID, origin:ID, domain:ID or operator:ID");
        }
        return read.Count < asked ? null : [.. read];
    }

    /// <summary>Reads <c>drained</c>, <c>down</c> or a usable part of the capacity from 0 to below 1.</summary>
    public static bool TryParseState(string text, out HealthState state, out double factor)
    {
        (state, factor) = (HealthState.Up, 0);
        if (text == "drained") state = HealthState.Drained;
        else if (text == "down") state = HealthState.Down;
        else return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out factor) && factor < 1;
        return true;
    }

    /// <summary>Reads a time to go, such as <c>30m</c>, or a moment of ISO 8601, which is taken for UTC where it names no offset.</summary>
    public static bool TryParseUntil(string text, DateTimeOffset now, [NotNullWhen(true)] out DateTimeOffset? until)
    {
        until = null;
        double seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds > 0)
        {
            if (!double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)) return false;
            if (count * seconds is > 0 and <= 366 * 86_400.0) until = now + TimeSpan.FromSeconds(count * seconds);
        }
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) && moment > now)
        {
            until = moment;
        }
        return until is not null;
    }

    /// <summary>True where a world has it.</summary>
    public bool IsIn(World world)
    {
        string id = Id;
        return Scope switch
        {
            HealthScope.Edge => world.EdgeOrdinal(id) >= 0,
            HealthScope.Relay => world.Relays.Any(r => r.Id == id),
            HealthScope.Origin => world.Origins.Any(o => o.Id == id),
            HealthScope.Operator => world.Edges.Any(e => e.Operator == id),
            _ => world.Edges.Any(e => e.FaultDomain == id) || world.Relays.Any(r => r.FaultDomain == id) || world.Origins.Any(o => o.FaultDomain == id),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scope.ToString().ToLowerInvariant()}:{Id}";
}
