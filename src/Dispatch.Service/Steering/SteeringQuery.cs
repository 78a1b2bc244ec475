using System.Globalization;
using System.Text;

namespace TrafficDispatch.Service.Steering;

/// <summary>What a player says of itself.</summary>
/// <param name="IsDash">True for DASH: it says so by <c>format=dash</c> or by a parameter of DASH; else HLS.</param>
/// <param name="Session">What the choice is stable on, as given; empty for the client's granule.</param>
/// <param name="Pathway">The pathway it plays from; empty where it does not say.</param>
/// <param name="ThroughputBitsPerSecond">What it measured there; 0 where it does not say.</param>
internal sealed record SteeringQuery(bool IsDash, string Session, string Pathway, double ThroughputBitsPerSecond)
{
    /// <summary>Longest session key, bytes of UTF-8, as for <c>Resolve</c>.</summary>
    public const int LongestSession = 256;

    private const int LongestValue = 512;

    /// <summary>Reads the parameters. What players add themselves is read leniently: a player that sends nonsense must not stop.</summary>
    /// <param name="query">The address's query.</param>
    /// <param name="fault">What is wrong with what the operator's address says; empty where nothing is.</param>
    public static SteeringQuery Read(IQueryCollection query, out string fault)
    {
        fault = "";
        string format = (string?)query["format"] ?? "", session = (string?)query["session"] ?? "";
        if (format is not ("" or "hls" or "dash")) fault = "format must be hls or dash";
        if (Encoding.UTF8.GetByteCount(session) > LongestSession) fault = $"session must have at most {LongestSession} bytes";
        bool isDash = format == "dash" || (format.Length == 0 && query.Keys.Any(static k => k.StartsWith("_DASH_", StringComparison.Ordinal)));
        string prefix = isDash ? "_DASH_" : "_HLS_";
        return new(isDash, session, First(query[prefix + "pathway"]), Number(First(query[prefix + "throughput"])));
    }

    /// <summary>dash.js sends a quoted list of what it used, the latest first; hls.js a bare value.</summary>
    private static string First(string? text)
    {
        if (text is null || text.Length > LongestValue) return "";
        return text.Trim().Trim('"').Split(',')[0].Trim();
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : 0;
}
