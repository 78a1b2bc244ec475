using System.Collections.Frozen;
using System.Reflection;

namespace TrafficDispatch.Service.Pages;

/// <summary>The files of the page, as they lie in the program. Nothing is built from them and nothing is fetched from elsewhere. Immutable.</summary>
internal sealed class PageAssets
{
    private const string Prefix = "page/";

    /// <summary>The document at <c>/</c>.</summary>
    public const string Index = "index.html";

    private readonly FrozenDictionary<string, PageBody> _files = Load();

    /// <summary>Names of the files but <see cref="Index"/>, for instance <c>map.js</c>.</summary>
    public IEnumerable<string> Names => _files.Keys.Where(static name => name != Index).Order(StringComparer.Ordinal);

    /// <summary>A file.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public PageBody this[string name] => _files[name];

    private static FrozenDictionary<string, PageBody> Load()
    {
        Assembly program = typeof(PageAssets).Assembly;
        Dictionary<string, PageBody> files = new(StringComparer.Ordinal);
        foreach (string resource in program.GetManifestResourceNames().Where(static r => r.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream content = program.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            files.Add(resource[Prefix.Length..], new PageBody(TypeOf(resource), bytes));
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" => PageBody.Json,
        string other => throw new InvalidOperationException($"The page has a file that nobody gave a type: {other}."),
    };
}
