using System.Globalization;
using TrafficDispatch.Service.Watch;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of watching tables.</summary>
internal sealed partial class SettingsReader
{
    private WatchSettings Watch()
    {
        WatchSettings d = new();
        return new()
        {
            MaxStreams = Whole("Watch:MaxStreams", 0, 10_000) ?? d.MaxStreams,
            KeptTables = Whole("Watch:KeptTables", 1, 64) ?? d.KeptTables,
            Heartbeat = Heartbeat("Watch:Heartbeat", d.Heartbeat),
        };
    }

    private TimeSpan Heartbeat(string key, TimeSpan whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) && value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromMinutes(1) && text.Contains(':', StringComparison.Ordinal)) return value;
        Fault(key, text, "must be 00:00:01 to 00:01:00");
        return whenAbsent;
    }
}
