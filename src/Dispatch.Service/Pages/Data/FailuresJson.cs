using System.Text.Json;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>What is out, and how far the plan is prepared for more.</summary>
internal static class FailuresJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, StatusReply now)
    {
        FailureStatus failures = now.Failures;
        json.WriteStartObject("failures");
        json.WriteString("state", failures.State);
        json.WriteNumber("tried", failures.Tried);
        json.WriteNumber("absorbed", failures.Absorbed);
        json.WriteNumber("notAbsorbed", failures.NotAbsorbed);
        json.WriteNumber("failovers", failures.Failovers);
        json.WriteObjects("worst", failures.Worst, static (j, w) =>
        {
            j.WriteString("name", w.Name);
            j.WriteNumber("unserved", w.UnservedMbps);
            j.WriteString("fix", w.Fix);
        });
        json.WriteEndObject();
        json.WriteObjects("overlay", now.Overlay, static (j, o) =>
        {
            j.WriteString("source", o.Source);
            j.WriteString("kind", o.Kind);
            j.WriteString("id", o.Id);
            j.WriteString("state", o.State);
            if (o.KeptPercent > 0) j.WriteNumber("kept", o.KeptPercent);
        });
        json.WriteStartObject("health");
        json.WriteTexts("held", now.Health.Held);
        json.WriteTexts("damped", now.Health.Damped);
        json.WriteTexts("distrusted", now.Health.Distrusted);
        json.WriteNumber("takenPercent", Math.Round(now.Health.TakenPercent, 1));
        json.WriteEndObject();
    }
}
