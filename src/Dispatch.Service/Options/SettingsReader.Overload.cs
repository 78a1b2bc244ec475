using TrafficDispatch.Service.Overload;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of overload and of the end.</summary>
internal sealed partial class SettingsReader
{
    private const int MostConnections = 1_000_000;

    private OverloadSettings Overload()
    {
        OverloadSettings d = new();
        return new()
        {
            GrpcConnections = Whole("Overload:GrpcConnections", 1, MostConnections) ?? d.GrpcConnections,
            HttpConnections = Whole("Overload:HttpConnections", 1, MostConnections) ?? d.HttpConnections,
            AdminConnections = Whole("Overload:AdminConnections", 1, MostConnections) ?? d.AdminConnections,
            QueueTime = Milliseconds("Overload:QueueMs", d.QueueTime),
            Calls = Whole("Overload:Calls", 1, 1_000_000) ?? d.Calls,
            Streams = Whole("Overload:Streams", 1, 1_000_000) ?? d.Streams,
            Pushback = Milliseconds("Overload:PushbackMs", d.Pushback),
        };
    }

    private ShutdownSettings Shutdown()
    {
        ShutdownSettings d = new();
        return new()
        {
            Delay = ZeroOr("Shutdown:Delay", TimeSpan.FromMinutes(5), d.Delay),
            Timeout = Bounded("Shutdown:Timeout", TimeSpan.FromMinutes(10), d.Timeout),
        };
    }

    private TimeSpan Milliseconds(string key, TimeSpan whenAbsent) => TimeSpan.FromMilliseconds(Whole(key, 1, 60_000) ?? whenAbsent.TotalMilliseconds);

    private TimeSpan ZeroOr(string key, TimeSpan most, TimeSpan whenAbsent)
    {
        TimeSpan read = Time(key, TimeSpan.Zero, "00:00:00", whenAbsent);
        if (read > most && read <= TimeSpan.FromDays(1)) Fault(key, Text(key), $"must be at most {most:c}");
        return read;
    }
}
