using System.Security.Cryptography.X509Certificates;
using TrafficDispatch.Service.Tls;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of TLS beside Kestrel's own.</summary>
internal sealed partial class SettingsReader
{
    private static readonly string[] Protocols = ["Tls12", "Tls13"];

    private TlsSettings Tls()
    {
        TlsSettings tls = new() { ClientCa = Watched("Tls:ClientCaFile", TlsSettings.ParseAuthorities, new X509Certificate2Collection()) };
        bool anyAsks = false;
        foreach (string name in EndpointDefaults.All)
        {
            foreach (IConfigurationSection protocol in _configuration.GetSection($"Kestrel:Endpoints:{name}:SslProtocols").GetChildren())
                if (!Protocols.Contains(protocol.Value, StringComparer.OrdinalIgnoreCase)) Fault(protocol.Path, protocol.Value ?? "", "must be Tls12 or Tls13: older ones are broken");
            anyAsks |= AsksForCertificates(name);
        }
        if (tls.ClientCa is not null && !anyAsks)
            Fault("Tls:ClientCaFile", Text("Tls:ClientCaFile"), "needs an https endpoint with Kestrel:Endpoints:…:ClientCertificateMode AllowCertificate or RequireCertificate");
        string rules = Text("Admin:CertificateFile");
        // Whoever the system trusts signs certificates for anybody's common name.
        if (rules.Length > 0 && tls.ClientCa is null) Fault("Admin:CertificateFile", rules, "needs Tls:ClientCaFile beside it: it says whose client certificates are believed");
        if (rules.Length > 0 && !AsksForCertificates(EndpointDefaults.Admin))
            Fault("Admin:CertificateFile", rules, "needs an https Admin endpoint with Kestrel:Endpoints:Admin:ClientCertificateMode AllowCertificate or RequireCertificate");
        return tls;
    }

    /// <summary>What every user of the machine could read in the list of processes.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>A fault for each secret.</returns>
    public static IEnumerable<SettingFault> SecretsIn(IEnumerable<string> args) =>
        from arg in args
        let key = arg.TrimStart('-', '/').Split('=', 2)[0]
        where key.EndsWith(":Password", StringComparison.OrdinalIgnoreCase)
        select new SettingFault(key, "(not shown)", "must not stand on the command line, where every user of the machine sees it: set it as a variable of the environment");

    private bool AsksForCertificates(string endpoint)
    {
        string key = $"Kestrel:Endpoints:{endpoint}:ClientCertificateMode", mode = Text(key);
        bool asks = mode.ToLowerInvariant() is "allowcertificate" or "requirecertificate";
        return asks && Text(EndpointDefaults.UrlKey(endpoint)).StartsWith("https://", StringComparison.OrdinalIgnoreCase);
    }
}
