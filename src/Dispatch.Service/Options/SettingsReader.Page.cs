using TrafficDispatch.Service.Pages;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the page.</summary>
internal sealed partial class SettingsReader
{
    private PageSettings Page()
    {
        PageSettings d = new();
        return new()
        {
            MaxStreams = Whole("Page:MaxStreams") ?? d.MaxStreams,
            Heartbeat = Time("Page:Heartbeat", d.Heartbeat),
            MostFlows = Whole("Page:MostFlows") ?? d.MostFlows,
            OpenHere = Switch("Page:OpenHere", d.OpenHere),
        };
    }
}
