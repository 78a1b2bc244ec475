using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using TrafficDispatch.Model;

namespace TrafficDispatch.Bench;

/// <summary>The columns of <c>regions.csv</c> that flattening needs.</summary>
internal static partial class ShippedRegions
{
    public static ImmutableArray<ClientRegion> Read(string path)
    {
        string[] header = File.ReadLines(path).First().Split(',');
        return [.. File.ReadLines(path).Skip(1).Select(static line => QuotedCell().Replace(line, "").Split(',')).Select(cells => new ClientRegion(
            Cell("region_id", cells), new Place("", Cell("iso2", cells), "", "", new GeoPoint(Number("lat", cells), Number("lon", cells))),
            "", 0, "", false, new Gbps(Number("peak_gbps", cells))))];

        // No column that is asked for is ever quoted.
        string Cell(string name, string[] cells) => cells[Array.IndexOf(header, name)];
        double Number(string name, string[] cells) => double.Parse(Cell(name, cells), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex QuotedCell();
}
