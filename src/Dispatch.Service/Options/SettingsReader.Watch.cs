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
            MaxStreams = Whole("Watch:MaxStreams") ?? d.MaxStreams,
            KeptTables = Whole("Watch:KeptTables") ?? d.KeptTables,
            Heartbeat = Time("Watch:Heartbeat", d.Heartbeat),
        };
    }
}
