using System.Buffers;
using System.Text.Json;

namespace TrafficDispatch.Service.Steering;

/// <summary>A pathway of an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Where it is reached; empty where the playlists say so themselves.</param>
internal readonly record struct Pathway(string Id, string Host);

/// <summary>
/// Writes steering manifests, which HLS (draft-pantos-hls-rfc8216bis, 7.1) and DASH (DASH-IF, Content Steering for DASH) share: <c>VERSION</c>, <c>TTL</c>,
/// <c>RELOAD-URI</c>, <c>PATHWAY-PRIORITY</c> and <c>PATHWAY-CLONES</c>.
/// </summary>
internal static class SteeringList
{
    /// <summary>Media type for HLS.</summary>
    public const string HlsType = "application/vnd.apple.steering-list";

    /// <summary>Media type for DASH.</summary>
    public const string DashType = "application/json";

    /// <summary>The bytes of a manifest.</summary>
    /// <param name="ttlSeconds">When to ask again; always written: one large player never asks again without it.</param>
    /// <param name="reload">Where to ask, relative to where it was asked; empty for the same place.</param>
    /// <param name="pathways">Best first; at least one.</param>
    /// <param name="basePathway">What those with a host are clones of.</param>
    public static ReadOnlyMemory<byte> Write(int ttlSeconds, string reload, IReadOnlyList<Pathway> pathways, string basePathway)
    {
        ArrayBufferWriter<byte> bytes = new(512);
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartObject();
        json.WriteNumber("VERSION", 1);
        json.WriteNumber("TTL", ttlSeconds);
        if (reload.Length > 0) json.WriteString("RELOAD-URI", reload);
        json.WriteStartArray("PATHWAY-PRIORITY");
        foreach (Pathway pathway in pathways) json.WriteStringValue(pathway.Id);
        json.WriteEndArray();
        if (pathways.Any(static p => p.Host.Length > 0)) WriteClones(json, pathways, basePathway);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteClones(Utf8JsonWriter json, IReadOnlyList<Pathway> pathways, string basePathway)
    {
        json.WriteStartArray("PATHWAY-CLONES");
        foreach (Pathway pathway in pathways)
        {
            if (pathway.Host.Length == 0) continue;
            json.WriteStartObject();
            json.WriteString("BASE-ID", basePathway);
            json.WriteString("ID", pathway.Id);
            json.WriteStartObject("URI-REPLACEMENT");
            json.WriteString("HOST", pathway.Host);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
