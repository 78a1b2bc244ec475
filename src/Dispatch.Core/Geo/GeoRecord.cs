using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Geo;

/// <summary>What a record of a place or network database says, whichever of the known schemas it follows.</summary>
/// <param name="Iso2">Country code in upper case; empty where unknown.</param>
/// <param name="Point">Coordinates; null where unknown. Exactly 0, 0 counts as unknown: files write it for "nowhere".</param>
/// <param name="Asn">Autonomous system number; 0 where unknown.</param>
internal readonly record struct GeoRecord(string Iso2, GeoPoint? Point, uint Asn)
{
    // GeoIP2 nests (country.iso_code, location.latitude); the flat files of other makers name the same things in a few ways.
    private static readonly ImmutableArray<string[]> CountryPaths =
        [["country", "iso_code"], ["country_code"], ["country"], ["registered_country", "iso_code"]];
    private static readonly ImmutableArray<string[]> LatitudePaths = [["location", "latitude"], ["latitude"], ["lat"]];
    private static readonly ImmutableArray<string[]> LongitudePaths = [["location", "longitude"], ["longitude"], ["lng"], ["lon"]];
    private static readonly ImmutableArray<string[]> AsnPaths = [["autonomous_system_number"], ["asn"], ["as_number"]];

    public static GeoRecord From(MmdbValue record) => new(Country(record), Coordinates(record), Number(record));

    private static string Country(MmdbValue record)
    {
        foreach (string[] path in CountryPaths)
        {
            string text = At(record, path)?.Text ?? "";
            if (text.Length == 2) return text.ToUpperInvariant();
        }
        return "";
    }

    private static GeoPoint? Coordinates(MmdbValue record)
    {
        double latitude = First(record, LatitudePaths), longitude = First(record, LongitudePaths);
        bool known = Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && (latitude != 0 || longitude != 0);
        return known ? new GeoPoint(latitude, longitude) : null;
    }

    private static uint Number(MmdbValue record)
    {
        double number = First(record, AsnPaths);
        return number is >= 0 and <= uint.MaxValue ? (uint)number : 0;
    }

    /// <summary>The first of the paths that leads to a number; NaN where none does.</summary>
    private static double First(MmdbValue record, ImmutableArray<string[]> paths)
    {
        foreach (string[] path in paths)
        {
            if (At(record, path) is { } value && Real(value) is var number && double.IsFinite(number)) return number;
        }
        return double.NaN;
    }

    private static double Real(MmdbValue value) => value.Type switch
    {
        MmdbType.Double or MmdbType.Float or MmdbType.Int32 => value.Number,
        MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64 => (double)value.Unsigned,
        MmdbType.Utf8 when double.TryParse(Digits(value.Text), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => double.NaN,
    };

    private static ReadOnlySpan<char> Digits(string text) =>
        text.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;

    private static MmdbValue? At(MmdbValue? value, string[] path)
    {
        foreach (string key in path) value = value?[key];
        return value;
    }
}
