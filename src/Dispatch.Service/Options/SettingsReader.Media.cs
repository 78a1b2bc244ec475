using System.Globalization;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Media;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of media servers' hooks.</summary>
internal sealed partial class SettingsReader
{
    private MediaSettings Media()
    {
        MediaSettings d = new();
        return new()
        {
            KeyForm = KeyForm(Text("Media:StreamKey")) ?? d.KeyForm,
            BitrateMbps = Mbps("Media:BitrateMbps", d.BitrateMbps),
            Lifetime = Lifetime("Media:Lifetime", d.Lifetime),
            RtmpPort = Whole("Media:RtmpPort", 1, ushort.MaxValue) ?? d.RtmpPort,
            Remote = Switch("Media:Remote", whenAbsent: false),
            Tokens = Tokens("Media:TokenFile", TokenLines.Named),
        };
    }

    private StreamKeyForm? KeyForm(string text)
    {
        StreamKeyForm? form = text.ToLowerInvariant() switch
        {
            "stream" => StreamKeyForm.Stream,
            "app/stream" => StreamKeyForm.AppStream,
            "vhost/app/stream" => StreamKeyForm.VhostAppStream,
            _ => null,
        };
        if (form is null && text.Length > 0) Fault("Media:StreamKey", text, "must be stream, app/stream or vhost/app/stream");
        return form;
    }

    private double Mbps(string key, double whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is > 0 and <= 100_000) return value;
        Fault(key, text, "must be a number above 0 and at most 100000");
        return whenAbsent;
    }

    private TimeSpan Lifetime(string key, TimeSpan whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) && value >= TimeSpan.FromMinutes(1) && value <= TimeSpan.FromDays(30) && text.Contains(':', StringComparison.Ordinal)) return value;
        Fault(key, text, "must be 00:01:00 to 30.00:00:00");
        return whenAbsent;
    }
}
