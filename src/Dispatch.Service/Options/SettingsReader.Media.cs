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
            KeyForm = KeyForm() ?? d.KeyForm,
            BitrateMbps = Number("Media:BitrateMbps", d.BitrateMbps),
            Lifetime = Time("Media:Lifetime", d.Lifetime),
            RtmpPort = Whole("Media:RtmpPort") ?? d.RtmpPort,
            Remote = Switch("Media:Remote", whenAbsent: false),
            Tokens = Tokens("Media:TokenFile", TokenLines.Named),
        };
    }

    private StreamKeyForm? KeyForm() => Word("Media:StreamKey") switch
    {
        "stream" => StreamKeyForm.Stream,
        "app/stream" => StreamKeyForm.AppStream,
        "vhost/app/stream" => StreamKeyForm.VhostAppStream,
        _ => null,
    };
}
