using System.Globalization;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Relays;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of reported paths and of paths in use.</summary>
internal sealed partial class SettingsReader
{
    private static readonly TimeSpan LongestPathTime = TimeSpan.FromHours(1);

    private PathSettings Paths()
    {
        PathSettings d = new();
        PathSettings paths = new()
        {
            Hold = Bounded("Paths:Hold", LongestPathTime, d.Hold),
            LongestHold = Bounded("Paths:LongestHold", LongestPathTime, d.LongestHold),
            Trial = Text("Paths:Trial") == "00:00:00" ? TimeSpan.Zero : Bounded("Paths:Trial", LongestPathTime, d.Trial),
            HalfLife = Bounded("Paths:HalfLife", LongestPathTime, d.HalfLife),
            HopQuorum = Whole("Paths:HopQuorum", 1, 100) ?? d.HopQuorum,
            RelayQuorum = Whole("Paths:RelayQuorum", 2, 100) ?? d.RelayQuorum,
            MostPerReporter = Whole("Paths:MostPerReporter", 0, 1000) ?? d.MostPerReporter,
            MostSharePercent = Whole("Paths:MostSharePercent", 0, 100) ?? d.MostSharePercent,
            MostTakenPercent = Whole("Paths:MostTakenPercent", 0, 100) ?? d.MostTakenPercent,
            LossPercent = Percent("Paths:LossPercent", d.LossPercent),
            Keep = new(Whole("Paths:KeepPercent", 0, 1000) ?? d.Keep.Percent, (uint)(1000 * (Whole("Paths:KeepMs", 0, 10_000) ?? (int)d.Keep.Microseconds / 1000))),
            Remote = Switch("Paths:Remote", whenAbsent: false),
            Tokens = Tokens("Paths:TokenFile", TokenLines.Named),
        };
        if (paths.LongestHold < paths.Hold) Fault("Paths:LongestHold", paths.LongestHold.ToString("c"), $"must be at least Paths:Hold ({paths.Hold:c})");
        return paths;
    }

    private double Percent(string key, double whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 100) return value;
        Fault(key, text, "must be a number from 0 to 100");
        return whenAbsent;
    }
}
