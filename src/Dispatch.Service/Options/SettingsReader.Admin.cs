using System.Collections.Immutable;
using System.Net;
using System.Text;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the admin plane and of credentials.</summary>
internal sealed partial class SettingsReader
{
    private AdminSettings Admin()
    {
        AdminSettings d = new();
        AdminSettings admin = new()
        {
            LocalToken = Switch("Admin:LocalToken", d.LocalToken),
            Plaintext = Switch("Admin:Plaintext", d.Plaintext),
            AuditMegabytes = Whole("Admin:AuditMegabytes") ?? d.AuditMegabytes,
            Tokens = Tokens("Admin:TokenFile", TokenLines.WithRoles),
            Certificates = Watched("Admin:CertificateFile", CertificateRules.Parse, CertificateRules.Empty),
        };
        string key = EndpointDefaults.UrlKey(EndpointDefaults.Admin), url = Text(key);
        if (!admin.Plaintext && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !IsLoopback(url))
            Fault(key, url, "must be an address of this machine such as http://127.0.0.1:5052, or https with a certificate: tokens would cross the network in the clear. Admin:Plaintext=on allows it");
        return admin;
    }

    /// <summary>A file that cannot be read would lock out everybody who is in it, and only they would notice.</summary>
    private WatchedFile<TokenBook>? Tokens(string key, TokenLines lines) =>
        Watched(key, (byte[] text, out ImmutableArray<string> faults) => TokenBook.Parse(Encoding.UTF8.GetString(text), lines, out faults), TokenBook.Empty);

    private WatchedFile<T>? Watched<T>(string key, FileReading<T> read, T initial)
        where T : class
    {
        string path = FullPath(key, "");
        if (path.Length == 0) return null;
        WatchedFile<T> file = WatchedFile<T>.Open(path, read, initial, out ImmutableArray<string> faults);
        foreach (string fault in faults) Fault(key, path, fault);
        return file;
    }

    private static bool IsLoopback(string url)
    {
        try
        {
            BindingAddress address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)) return true;
            return IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            // That it is no address at all is another fault, which CheckEndpoints tells.
            return true;
        }
    }
}
