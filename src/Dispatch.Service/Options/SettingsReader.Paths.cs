using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Relays;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of reported paths and of paths in use.</summary>
internal sealed partial class SettingsReader
{
    private PathSettings Paths()
    {
        PathSettings d = new();
        PathSettings paths = new()
        {
            Hold = Time("Paths:Hold", d.Hold),
            LongestHold = Time("Paths:LongestHold", d.LongestHold),
            Trial = Time("Paths:Trial", d.Trial),
            HalfLife = Time("Paths:HalfLife", d.HalfLife),
            HopQuorum = Whole("Paths:HopQuorum") ?? d.HopQuorum,
            RelayQuorum = Whole("Paths:RelayQuorum") ?? d.RelayQuorum,
            MostPerReporter = Whole("Paths:MostPerReporter") ?? d.MostPerReporter,
            MostSharePercent = Whole("Paths:MostSharePercent") ?? d.MostSharePercent,
            MostTakenPercent = Whole("Paths:MostTakenPercent") ?? d.MostTakenPercent,
            LossPercent = Number("Paths:LossPercent", d.LossPercent),
            Keep = new(Whole("Paths:KeepPercent") ?? d.Keep.Percent, (uint)(1000 * (Whole("Paths:KeepMs") ?? (int)d.Keep.Microseconds / 1000))),
            Remote = Switch("Paths:Remote", whenAbsent: false),
            Tokens = Tokens("Paths:TokenFile", TokenLines.Named),
        };
        if (paths.LongestHold < paths.Hold) Fault("Paths:LongestHold", paths.LongestHold.ToString("c"), $"must be at least Paths:Hold ({paths.Hold:c})");
        return paths;
    }
}
