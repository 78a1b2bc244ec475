using System.Globalization;
using TrafficDispatch.Geo;

namespace TrafficDispatch.Core.Tests.Geo;

/// <summary>A value in the words of mmdblookup, a token a line without indentation.</summary>
internal static class MmdbText
{
    public static IEnumerable<string> Lines(MmdbValue value)
    {
        string? scalar = Scalar(value);
        if (scalar is not null) return [scalar];
        return value.Type == MmdbType.Map
            ? ["{", .. value.Fields.SelectMany(f => (IEnumerable<string>)[$"\"{f.Key}\":", .. Lines(f.Value)]), "}"]
            : ["[", .. value.Items.SelectMany(Lines), "]"];
    }

    private static string? Scalar(MmdbValue value) => value.Type switch
    {
        MmdbType.Utf8 => $"\"{value.Text}\" <utf8_string>",
        MmdbType.Bytes => $"{Convert.ToHexString(value.Bytes.Span)} <bytes>",
        MmdbType.Double => string.Create(CultureInfo.InvariantCulture, $"{value.Number:F6} <double>"),
        MmdbType.Float => string.Create(CultureInfo.InvariantCulture, $"{value.Number:F6} <float>"),
        MmdbType.UInt16 => $"{value.Unsigned} <uint16>",
        MmdbType.UInt32 => $"{value.Unsigned} <uint32>",
        MmdbType.Int32 => string.Create(CultureInfo.InvariantCulture, $"{value.Number:F0} <int32>"),
        MmdbType.UInt64 => $"{value.Unsigned} <uint64>",
        MmdbType.UInt128 => $"0x{value.Unsigned:X32} <uint128>",
        MmdbType.Boolean => value.IsTrue ? "true <boolean>" : "false <boolean>",
        _ => null,
    };
}
