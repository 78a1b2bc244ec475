namespace TrafficDispatch.Service.Options;

/// <summary>The settings of exports by OTLP, ours and before them the standard variables of the environment (OTEL_EXPORTER_OTLP_…) where ours say nothing.</summary>
internal sealed partial class SettingsReader
{
    private const string OtlpEndpoint = "Otlp:Endpoint", OtlpProtocol = "Otlp:Protocol", OtlpHeaders = "Otlp:HeadersFile";
    private const string Standard = "OTEL_EXPORTER_OTLP_";

    private OtlpSettings? Otlp()
    {
        (string endpointKey, string endpoint) = OursOrStandard(OtlpEndpoint, "ENDPOINT");
        if (endpoint.Length == 0)
        {
            foreach (string key in (ReadOnlySpan<string>)[OtlpProtocol, OtlpHeaders, "Otlp:Interval", "Otlp:Timeout", "Otlp:Metrics", "Otlp:Traces"])
                if (Text(key) is { Length: > 0 } given) Fault(key, given, $"needs {OtlpEndpoint} beside it");
            return null;
        }
        (string protocolKey, string protocol) = OursOrStandard(OtlpProtocol, "PROTOCOL");
        if (protocol is not ("" or "grpc" or "http/protobuf")) Fault(protocolKey, protocol, "must be grpc or http/protobuf");
        bool isUrl = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https";
        if (!isUrl) Fault(endpointKey, endpoint, "must be a URL, for instance http://127.0.0.1:4317 for gRPC or http://127.0.0.1:4318 for http/protobuf");
        // It is logged: what is secret has a file of its own.
        else if (url!.UserInfo.Length > 0 || url.Query.Length > 0) Fault(endpointKey, "(not shown)", $"must hold no credential and no query: put headers into {OtlpHeaders}");
        OtlpSettings defaults = new(isUrl ? url! : new Uri("http://localhost"), protocol == "http/protobuf");
        return defaults with
        {
            Headers = HeadersOf(Text(OtlpHeaders)),
            Interval = Time("Otlp:Interval", defaults.Interval),
            Timeout = Time("Otlp:Timeout", defaults.Timeout),
            Metrics = Switch("Otlp:Metrics", defaults.Metrics),
            Traces = Switch("Otlp:Traces", defaults.Traces),
        };
    }

    private (string Key, string Text) OursOrStandard(string ours, string standard) => Text(ours) is { Length: > 0 } text ? (ours, text) : (Standard + standard, Text(Standard + standard));

    /// <summary>Lines <c>NAME: VALUE</c> of a file; without one what the standard variable holds, which has the form that exporters want.</summary>
    private string HeadersOf(string path)
    {
        if (path.Length == 0) return Text(Standard + "HEADERS");
        try
        {
            List<string> headers = [];
            string[] lines = File.ReadAllLines(Path.GetFullPath(path));
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Trim() is not { Length: > 0 } line || line[0] == '#') continue;
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                // The exporter takes a comma for the next header, also where it is encoded.
                bool isHeader = colon > 0 && line[..colon].All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !line.Contains(',', StringComparison.Ordinal);
                if (isHeader) headers.Add(line[..colon] + "=" + Uri.EscapeDataString(line[(colon + 1)..].Trim()));
                else Fault(OtlpHeaders, path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {i + 1} must be NAME: VALUE, without a comma"));
            }
            return string.Join(',', headers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Fault(OtlpHeaders, path, $"must be a file that can be read: {e.Message}");
            return "";
        }
    }
}
