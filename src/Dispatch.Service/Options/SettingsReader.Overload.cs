using TrafficDispatch.Service.Overload;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of overload and of the end.</summary>
internal sealed partial class SettingsReader
{
    private OverloadSettings Overload()
    {
        OverloadSettings d = new();
        return new()
        {
            GrpcConnections = Whole("Overload:GrpcConnections") ?? d.GrpcConnections,
            HttpConnections = Whole("Overload:HttpConnections") ?? d.HttpConnections,
            AdminConnections = Whole("Overload:AdminConnections") ?? d.AdminConnections,
            QueueTime = Milliseconds("Overload:QueueMs", d.QueueTime),
            Calls = Whole("Overload:Calls") ?? d.Calls,
            Streams = Whole("Overload:Streams") ?? d.Streams,
            Pushback = Milliseconds("Overload:PushbackMs", d.Pushback),
        };
    }

    private ShutdownSettings Shutdown()
    {
        ShutdownSettings d = new();
        return new()
        {
            Delay = Time("Shutdown:Delay", d.Delay),
            Timeout = Time("Shutdown:Timeout", d.Timeout),
        };
    }

    private TimeSpan Milliseconds(string key, TimeSpan whenAbsent) => TimeSpan.FromMilliseconds(Whole(key) ?? whenAbsent.TotalMilliseconds);
}
