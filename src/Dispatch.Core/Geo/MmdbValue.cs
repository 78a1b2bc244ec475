using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace TrafficDispatch.Geo;

/// <summary>The types of the MaxMind DB format 2.0, with their numbers there.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names are those of the format's specification.")]
public enum MmdbType
{
    /// <summary>The type number stands in the next byte; never the type of a value.</summary>
    Extended = 0,

    /// <summary>Leads to a value elsewhere; never the type of a value.</summary>
    Pointer = 1,

    /// <summary>Text.</summary>
    Utf8 = 2,

    /// <summary>IEEE 754 binary64.</summary>
    Double = 3,

    /// <summary>Bytes.</summary>
    Bytes = 4,

    /// <summary>Unsigned, up to 2 bytes.</summary>
    UInt16 = 5,

    /// <summary>Unsigned, up to 4 bytes.</summary>
    UInt32 = 6,

    /// <summary>Text to value.</summary>
    Map = 7,

    /// <summary>Two's complement, up to 4 bytes.</summary>
    Int32 = 8,

    /// <summary>Unsigned, up to 8 bytes.</summary>
    UInt64 = 9,

    /// <summary>Unsigned, up to 16 bytes.</summary>
    UInt128 = 10,

    /// <summary>Values in order.</summary>
    Array = 11,

    /// <summary>Holds values that pointers lead into; never the type of a value.</summary>
    DataCacheContainer = 12,

    /// <summary>Ends the data section; never the type of a value.</summary>
    EndMarker = 13,

    /// <summary>True or false.</summary>
    Boolean = 14,

    /// <summary>IEEE 754 binary32.</summary>
    Float = 15,
}

/// <summary>A decoded value of a MaxMind DB file. Immutable and thread-safe.</summary>
public sealed class MmdbValue
{
    private readonly object? _content;

    internal MmdbValue(MmdbType type, object? content) => (Type, _content) = (type, content);

    internal MmdbValue(MmdbType type, UInt128 number) => (Type, Unsigned) = (type, number);

    internal MmdbValue(MmdbType type, double number) => (Type, Number) = (type, number);

    /// <summary>Its type; never one that only exists in the encoding.</summary>
    public MmdbType Type { get; }

    /// <summary>The text of a <see cref="MmdbType.Utf8"/>, invalid sequences replaced by U+FFFD; otherwise empty.</summary>
    public string Text => _content as string ?? "";

    /// <summary>The bytes of a <see cref="MmdbType.Bytes"/>; otherwise empty.</summary>
    public ReadOnlyMemory<byte> Bytes => _content is ReadOnlyMemory<byte> bytes ? bytes : default;

    /// <summary>The value of an unsigned number, and 1 for true; otherwise 0.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It holds what the format calls unsigned, of any size.")]
    public UInt128 Unsigned { get; }

    /// <summary>The value of a double, float or int32 (all exact in a double); otherwise 0.</summary>
    public double Number { get; }

    /// <summary>The value of a boolean; otherwise false.</summary>
    public bool IsTrue => Type == MmdbType.Boolean && Unsigned != 0;

    /// <summary>The values of an array, in order; otherwise empty.</summary>
    public ImmutableArray<MmdbValue> Items => _content is ImmutableArray<MmdbValue> items ? items : [];

    /// <summary>The fields of a map, in file order; otherwise empty.</summary>
    public ImmutableArray<KeyValuePair<string, MmdbValue>> Fields => _content is ImmutableArray<KeyValuePair<string, MmdbValue>> fields ? fields : [];

    /// <summary>The first field of that name of a map; null where there is none. O(fields).</summary>
    public MmdbValue? this[string key]
    {
        get
        {
            foreach (KeyValuePair<string, MmdbValue> field in Fields)
            {
                if (string.Equals(field.Key, key, StringComparison.Ordinal)) return field.Value;
            }
            return null;
        }
    }

    /// <summary>
    /// Writes the value as JSON. All integers are numbers with all their digits; a float is written as the double it equals; NaN and the
    /// infinities, which JSON lacks, are null; bytes are a base64 string.
    /// </summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        switch (Type)
        {
            case MmdbType.Utf8: json.WriteStringValue(Text); break;
            case MmdbType.Bytes: json.WriteBase64StringValue(Bytes.Span); break;
            case MmdbType.Boolean: json.WriteBooleanValue(IsTrue); break;
            case MmdbType.Int32: json.WriteNumberValue((int)Number); break;
            case MmdbType.UInt128: json.WriteRawValue(Unsigned.ToString(CultureInfo.InvariantCulture)); break;
            case MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64: json.WriteNumberValue((ulong)Unsigned); break;
            case MmdbType.Map: WriteFields(json); break;
            case MmdbType.Array: WriteItems(json); break;
            default: WriteReal(json); break;
        }
    }

    private void WriteReal(Utf8JsonWriter json)
    {
        if (double.IsFinite(Number)) json.WriteNumberValue(Number);
        else json.WriteNullValue();
    }

    private void WriteFields(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (KeyValuePair<string, MmdbValue> field in Fields)
        {
            json.WritePropertyName(field.Key);
            field.Value.WriteJson(json);
        }
        json.WriteEndObject();
    }

    private void WriteItems(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (MmdbValue item in Items) item.WriteJson(json);
        json.WriteEndArray();
    }
}
