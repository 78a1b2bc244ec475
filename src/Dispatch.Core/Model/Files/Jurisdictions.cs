using System.Collections.Frozen;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// Which jurisdiction codes are known: <c>EU</c>, <c>UK</c>, the country codes of ISO 3166-1 with <c>XK</c>, and in a world with invented
/// law each code that regions and edges both name.
/// </summary>
internal sealed class Jurisdictions
{
    public const string Rule = "must be a known jurisdiction: EU, UK, an ISO 3166-1 country code, or a code that a region and an edge both name";

    private static readonly FrozenSet<string> Recognised = (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF " +
        "CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG " +
        "GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR " +
        "KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF " +
        "NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM " +
        "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS " +
        "XK YE YT ZA ZM ZW").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly HashSet<string> _regions = new(StringComparer.Ordinal), _edges = new(StringComparer.Ordinal), _others = new(StringComparer.Ordinal);
    private readonly List<(string File, int Line, int Column, string Code)> _unsure = [];

    /// <summary>Reads the code of a region; unknown ones are judged in <see cref="Judge"/>, when all are read.</summary>
    public string OfRegion(TableReader table, Column column) => Take(table, column, _regions);

    /// <summary>Reads the code of an edge.</summary>
    public string OfEdge(TableReader table, Column column) => Take(table, column, _edges);

    /// <summary>Reads the code of a relay or an origin.</summary>
    public string OfOther(TableReader table, Column column) => Take(table, column, _others);

    /// <summary>True where some region or node names the code.</summary>
    public bool IsNamed(string code) => _regions.Contains(code) || _edges.Contains(code) || _others.Contains(code);

    /// <summary>True where the code is known at all.</summary>
    public bool IsKnown(string code) => Recognised.Contains(code) || (_regions.Contains(code) && _edges.Contains(code));

    /// <summary>Logs every code that turned out to be unknown.</summary>
    public void Judge(FaultLog log)
    {
        foreach ((string file, int line, int column, string code) in _unsure)
            if (!IsKnown(code)) log.Fault(file, line, column, "jurisdiction", code, Rule);
    }

    private string Take(TableReader table, Column column, HashSet<string> named)
    {
        string code = table.Label(column);
        if (table.IsBroken || !TableReader.IsLabel(code)) return code;
        named.Add(code);
        if (!Recognised.Contains(code)) _unsure.Add((table.Name, table.Line, table.ColumnOf(column), code));
        return code;
    }
}
