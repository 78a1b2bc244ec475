using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TrafficDispatch.Service.Access;

/// <summary>
/// Which client certificates speak for whom: lines <c>NAME ROLE[,ROLE] WHAT:VALUE</c>, with <c>cn</c>, <c>subject</c>, <c>dns</c>, <c>uri</c>,
/// <c>email</c> or <c>sha256</c> for WHAT. That a certificate is genuine TLS has made sure of before. Immutable and thread-safe.
/// </summary>
internal sealed class CertificateRules
{
    /// <summary>No certificate speaks for anybody.</summary>
    public static readonly CertificateRules Empty = new([]);

    private const string SubjectAlternativeName = "2.5.29.17", CommonName = "2.5.4.3";
    private static readonly string[] Kinds = ["cn", "subject", "dns", "uri", "email", "sha256"];

    // Choices of GeneralName, RFC 5280 section 4.2.1.6.
    private static readonly (int Tag, string Kind)[] Names = [(1, "email"), (2, "dns"), (6, "uri")];

    private readonly ImmutableArray<(string Name, Roles Roles, string Claim)> _rules;

    private CertificateRules(ImmutableArray<(string Name, Roles Roles, string Claim)> rules) => _rules = rules;

    /// <summary>All roles that any certificate has.</summary>
    public Roles Roles => _rules.Aggregate(Roles.None, static (all, r) => all | r.Roles);

    /// <summary>Reads the text of a file; empty lines and those that begin with <c>#</c> are passed over.</summary>
    public static CertificateRules Parse(byte[] bytes, out ImmutableArray<string> faults)
    {
        List<string> found = [];
        List<(string, Roles, string)> rules = [];
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            number++;
            // What comes last may hold blanks, as subjects do.
            string[] words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || words[0].StartsWith('#')) continue;
            if (words.Length < 3) found.Add(Line(number, "must be 'NAME ROLE[,ROLE] WHAT:VALUE'"));
            else if (!RoleNames.TryParse(words[1], out Roles roles)) found.Add(Line(number, "must have roles out of viewer, operator, publisher and reporter, separated by commas, as its second word"));
            else if (Claim(words[2]) is not { } claim) found.Add(Line(number, "must end in cn:, subject:, dns:, uri:, email: or sha256: and what the certificate says there"));
            else rules.Add((words[0], roles, claim));
        }
        if (found.Count == 0 && rules.Count == 0) found.Add("must hold at least one line 'NAME ROLE[,ROLE] WHAT:VALUE'");
        faults = [.. found];
        return new([.. rules]);
    }

    /// <summary>Whom a certificate speaks for, and all that it may; null where no line is about it. O(rules).</summary>
    public (string Name, Roles Roles)? Find(X509Certificate2 certificate)
    {
        HashSet<string> claims = ClaimsOf(certificate);
        (string Name, Roles Roles)? found = null;
        foreach ((string name, Roles roles, string claim) in _rules)
            if (claims.Contains(claim)) found = (found?.Name ?? name, roles | (found?.Roles ?? Roles.None));
        return found;
    }

    private static string Line(int number, string fault) => string.Create(CultureInfo.InvariantCulture, $"line {number} {fault}");

    /// <summary>The claim in the form in which certificates are compared; null where it is none.</summary>
    private static string? Claim(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon > 0 ? text[..colon].ToLowerInvariant() : "", value = colon > 0 ? text[(colon + 1)..].Trim() : "";
        if (!Kinds.Contains(kind) || value.Length == 0) return null;
        try
        {
            return kind == "sha256" && Convert.FromHexString(value.Replace(":", "", StringComparison.Ordinal)).Length != SHA256.HashSizeInBytes ? null : Normal(kind, value);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string Normal(string kind, string value) => kind + ":" + kind switch
    {
        "dns" or "email" => value.ToLowerInvariant(),
        "sha256" => value.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant(),
        "subject" => new X500DistinguishedName(value).Name,
        _ => value,
    };

    private static HashSet<string> ClaimsOf(X509Certificate2 certificate)
    {
        HashSet<string> claims = new(StringComparer.Ordinal) { Normal("subject", certificate.Subject), Normal("sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256)) };
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonName && part.GetSingleElementValue() is { } name) claims.Add(Normal("cn", name));
        foreach (X509Extension extension in certificate.Extensions)
            if (extension.Oid?.Value == SubjectAlternativeName) AddNames(extension.RawData, claims);
        return claims;
    }

    private static void AddNames(byte[] der, HashSet<string> claims)
    {
        AsnReader names = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            Asn1Tag tag = names.PeekTag();
            string? kind = tag.TagClass == TagClass.ContextSpecific ? Array.Find(Names, n => n.Tag == tag.TagValue).Kind : null;
            if (kind is null) names.ReadEncodedValue();
            else claims.Add(Normal(kind, names.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
        }
    }
}
