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
            BitrateMbps = Number("Media:BitrateMbps", d.BitrateMbps),
            Lifetime = Time("Media:Lifetime", d.Lifetime),
            RtmpPort = Whole("Media:RtmpPort") ?? d.RtmpPort,
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
}
