using System.Globalization;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Health;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of automation.</summary>
internal sealed partial class SettingsReader
{
    private HealthSettings Health()
    {
        HealthSettings d = new();
        return new()
        {
            Quorum = Whole("Health:Quorum", 1, 100) ?? d.Quorum,
            BadToFall = Whole("Health:BadToFall", 1, 1000) ?? d.BadToFall,
            GoodToRise = Whole("Health:GoodToRise", 1, 1000) ?? d.GoodToRise,
            MostTakenPercent = Whole("Health:MostTakenPercent", 0, 100) ?? d.MostTakenPercent,
            MostTakenDomainPercent = Whole("Health:MostTakenDomainPercent", 0, 100) ?? d.MostTakenDomainPercent,
            PenaltyHalfLife = Time("Health:PenaltyHalfLife", TimeSpan.FromSeconds(1), "00:00:01", d.PenaltyHalfLife),
            TelemetryVote = VoteOf(Text("Health:TelemetryVote")) ?? d.TelemetryVote,
            TelemetryLossPercent = Whole("Health:TelemetryLossPercent", 1, 100) ?? d.TelemetryLossPercent,
            TelemetryRegions = Whole("Health:TelemetryRegions", 1, 10_000) ?? d.TelemetryRegions,
            TelemetryReporters = Whole("Health:TelemetryReporters", 1, 10_000) ?? d.TelemetryReporters,
            ReturnStep = Time("Health:ReturnStep", TimeSpan.FromSeconds(1), "00:00:01", d.ReturnStep),
        };
    }

    private TelemetryVote? VoteOf(string text)
    {
        TelemetryVote? vote = text.ToLowerInvariant() switch
        {
            "off" => TelemetryVote.Off,
            "one" => TelemetryVote.One,
            "quorum" => TelemetryVote.Quorum,
            _ => null,
        };
        if (vote is null && text.Length > 0) Fault("Health:TelemetryVote", text, "must be off, one or quorum");
        return vote;
    }

    private ProbeSettings Probes()
    {
        return new(Switch("Health:RemoteProbes", whenAbsent: false)) { Tokens = Tokens("Probes:TokenFile", TokenLines.Named) };
    }

    private LoadSettings Load()
    {
        LoadSettings d = new();
        LoadSettings load = new()
        {
            CeilingPercent = Whole("Load:CeilingPercent", 1, 1000) ?? d.CeilingPercent,
            TargetPercent = Whole("Load:TargetPercent", 1, 1000) ?? d.TargetPercent,
            RoomPercent = Whole("Load:RoomPercent", 0, 1000) ?? d.RoomPercent,
            StepPercent = Whole("Load:StepPercent", 1, 100) ?? d.StepPercent,
            LeastKeptPercent = Whole("Load:LeastKeptPercent", 0, 100) ?? d.LeastKeptPercent,
            Settling = Time("Load:Settling", TimeSpan.FromSeconds(1), "00:00:01", d.Settling),
            RecoverEvery = Time("Load:RecoverEvery", TimeSpan.FromSeconds(1), "00:00:01", d.RecoverEvery),
        };
        if (load.RoomPercent >= load.TargetPercent || load.TargetPercent >= load.CeilingPercent)
        {
            Fault("Load:TargetPercent", load.TargetPercent.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"must be above Load:RoomPercent ({load.RoomPercent}) and below Load:CeilingPercent ({load.CeilingPercent}), or loads would swing"));
        }
        return load;
    }
}
