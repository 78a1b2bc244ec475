using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Control;

/// <summary>What became of a change.</summary>
internal enum AuditResult
{
    /// <summary>It is about to be made; one that stays so was cut off.</summary>
    Begun,

    /// <summary>It was made.</summary>
    Done,

    /// <summary>The caller may not, or what was asked breaks a rule: nothing was changed.</summary>
    Refused,

    /// <summary>It could not be made, or only in part; the detail says what is known.</summary>
    Failed,
}

/// <summary>A line of the audit. Immutable.</summary>
/// <param name="Id">The same in the lines of one change.</param>
/// <param name="At">When the line was written.</param>
/// <param name="Caller">Who.</param>
/// <param name="OnBehalfOf">Whom a shared credential stands for, as the caller says; may be empty.</param>
/// <param name="Action">What kind of change.</param>
/// <param name="What">What it is about.</param>
/// <param name="Reason">Why, as the caller says; may be empty.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Detail">More about the result; may be empty.</param>
/// <param name="Before">The table in force before; empty where there is none.</param>
/// <param name="After">The table in force after; empty before it is known.</param>
/// <param name="Process">Which process made it.</param>
internal sealed record AuditEntry(
    string Id, DateTimeOffset At, Caller Caller, string OnBehalfOf, string Action, string What, string Reason, AuditResult Result, string Detail, string Before,
    string After, string Process)
{
    // The file is read by people and tools, never put into a page as it is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, with its end.</summary>
    public byte[] ToLine()
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteString("at", At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("who", Caller.Name);
            json.WriteString("role", RoleNames.Of(Caller.Roles));
            json.WriteString("on_behalf_of", OnBehalfOf);
            json.WriteString("credential", Caller.Credential);
            json.WriteString("from", Caller.From);
            json.WriteString("action", Action);
            json.WriteString("what", What);
            json.WriteString("reason", Reason);
            json.WriteString("result", Result.ToString().ToLowerInvariant());
            json.WriteString("detail", Detail);
            json.WriteString("before", Before);
            json.WriteString("after", After);
            json.WriteString("process", Process);
            json.WriteEndObject();
        }
        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    /// <summary>Reads a line; null where it is none, as the last line after a crash may be.</summary>
    public static AuditEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (!RoleNames.TryParse(Text("role"), out Roles roles)) roles = Roles.None;
            Caller caller = new(Text("who"), roles, Text("credential"), Text("from"));
            AuditResult result = Enum.Parse<AuditResult>(Text("result"), ignoreCase: true);
            return new(Text("id"), root.GetProperty("at").GetDateTimeOffset(), caller, Text("on_behalf_of"), Text("action"), Text("what"), Text("reason"),
                result, Text("detail"), Text("before"), Text("after"), Text("process"));

            string Text(string name) => root.GetProperty(name).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
