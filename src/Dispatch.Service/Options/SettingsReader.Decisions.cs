using TrafficDispatch.Service.Decisions;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the log of decisions.</summary>
internal sealed partial class SettingsReader
{
    private const string DecisionsOneIn = "DecisionLog:OneIn";

    private DecisionLogSettings DecisionLog()
    {
        DecisionLogSettings d = new();
        DecisionLogSettings read = new()
        {
            OneIn = WholeOrOff(DecisionsOneIn, null) ?? 0,
            PerSecond = Whole("DecisionLog:PerSecond") ?? d.PerSecond,
            Megabytes = Whole("DecisionLog:Megabytes") ?? d.Megabytes,
            Files = Whole("DecisionLog:Files") ?? d.Files,
        };
        if (Text(DecisionsOneIn).Length > 0) return read;
        foreach (string key in (ReadOnlySpan<string>)["DecisionLog:PerSecond", "DecisionLog:Megabytes", "DecisionLog:Files"])
            if (Text(key) is { Length: > 0 } given) Fault(key, given, $"needs {DecisionsOneIn} beside it");
        return read;
    }
}
