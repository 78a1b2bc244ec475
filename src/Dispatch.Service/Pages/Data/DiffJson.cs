using System.Text.Json;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>What the table in force does otherwise than the one before it.</summary>
internal static class DiffJson
{
    /// <summary>There is no table before.</summary>
    public static byte[] None { get; } = """{"known":false}"""u8.ToArray();

    /// <summary>Writes it.</summary>
    public static byte[] Of(DiffReply diff, DateTimeOffset builtBefore, bool showsAll) => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("known", true);
        json.WriteString("from", $"{diff.From.Epoch}.{diff.From.Number}");
        json.WriteString("to", $"{diff.To.Epoch}.{diff.To.Number}");
        json.WriteString("builtBefore", builtBefore);
        json.WriteNumber("entries", diff.Entries);
        json.WriteNumber("changed", diff.EntriesChanged);
        json.WriteTexts("gone", diff.OnlyInFrom);
        json.WriteTexts("came", diff.OnlyInTo);
        json.WriteBoolean("compared", diff.WorldVersion.Length > 0);
        if (diff.WorldVersion.Length > 0) WriteTraffic(json, diff, showsAll);
        json.WriteEndObject();
    });

    private static void WriteTraffic(Utf8JsonWriter json, DiffReply diff, bool showsAll)
    {
        json.WriteNumber("demand", diff.DemandMbps);
        json.WriteNumber("moved", diff.MovedMbps);
        json.WriteNumber("movedPercent", Math.Round(diff.MovedPercent, 2));
        json.WriteNumber("unservedBefore", diff.UnservedBeforeMbps);
        json.WriteNumber("unservedAfter", diff.UnservedAfterMbps);
        if (showsAll)
        {
            json.WriteNumber("microUsdPerHourBefore", diff.CostBeforeMicroUsdPerHour);
            json.WriteNumber("microUsdPerHourAfter", diff.CostAfterMicroUsdPerHour);
        }
        json.WriteObjects("edges", diff.Edges, WriteLoad);
        json.WriteObjects("operators", diff.Operators, WriteLoad);
        json.WriteObjects("groups", diff.Groups, static (j, g) =>
        {
            j.WriteString("region", g.RegionId);
            j.WriteString("class", g.ClassId);
            j.WriteNumber("demand", g.DemandMbps);
            j.WriteNumber("moved", g.MovedMbps);
        });
    }

    private static void WriteLoad(Utf8JsonWriter json, LoadChange change)
    {
        json.WriteString("id", change.Id);
        json.WriteNumber("before", change.BeforeMbps);
        json.WriteNumber("after", change.AfterMbps);
    }
}
