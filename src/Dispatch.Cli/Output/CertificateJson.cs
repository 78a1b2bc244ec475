using System.Text.Json;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the proof of an optimum.</summary>
internal static class CertificateJson
{
    /// <summary>The field <c>certificate</c>; null where there is nothing to prove.</summary>
    public static void Write(Utf8JsonWriter json, OptimalityCertificate? certificate)
    {
        if (certificate is null)
        {
            json.WriteNull("certificate");
            return;
        }
        json.WriteStartObject("certificate");
        json.WriteBoolean("valid", certificate.Valid);
        json.WriteInteger("gap", certificate.Gap);
        json.WriteEndObject();
    }
}
