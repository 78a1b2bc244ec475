using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes JSON as one line, names of places readable, integers of any size with all their digits.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One value as text without line end.</summary>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options)) write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Writes one object and a line end.</summary>
    public static void WriteObject(TextWriter output, Action<Utf8JsonWriter> fields) => output.Write(Text(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    }) + "\n");

    /// <summary>An integer beyond 64 bits is written with all digits; readers that need it exact must read it as an integer.</summary>
    public static void WriteInteger(this Utf8JsonWriter json, string name, Int128 value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
    }

    /// <summary>Milliseconds to the microsecond.</summary>
    public static void WriteMilliseconds(this Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));

    /// <summary>A text, or null where it is empty.</summary>
    public static void WriteTextOrNull(this Utf8JsonWriter json, string name, string text)
    {
        if (text.Length == 0) json.WriteNull(name);
        else json.WriteString(name, text);
    }
}
