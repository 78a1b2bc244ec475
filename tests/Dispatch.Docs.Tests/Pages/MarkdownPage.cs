using System.Text.RegularExpressions;

namespace TrafficDispatch.Docs.Tests.Pages;

/// <summary>A page of the repository: what it links to and what can be linked to in it.</summary>
internal sealed partial class MarkdownPage
{
    private readonly string _prose;

    private MarkdownPage(string path, string text)
    {
        Path = path;
        // What stands in blocks of code is no link and no heading.
        _prose = Fenced().Replace(text, "");
    }

    /// <summary>The whole path.</summary>
    public string Path { get; }

    /// <summary>Its path from the root of the repository, for messages.</summary>
    public string Name => System.IO.Path.GetRelativePath(ForeignTool.Root, Path);

    /// <summary>Reads a page.</summary>
    public static MarkdownPage Read(string path) => new(System.IO.Path.GetFullPath(path), File.ReadAllText(path));

    /// <summary>Every page that people read: the documentation and what stands beside the code.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. ((string[])["docs", "data", "bench", "packaging", "tests/interop", "src"]).SelectMany(static folder => Directory.EnumerateFiles(System.IO.Path.Combine(ForeignTool.Root, folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(ForeignTool.Root, "*.md")).Where(static f => !Foreign().IsMatch(f)).Order(StringComparer.Ordinal).Select(Read),
    ];

    /// <summary>Links to files: the file's whole path and, where there is one, the heading's anchor.</summary>
    public IEnumerable<(string Link, string Target, string Anchor)> Links =>
        from match in Link().Matches(_prose).Concat(Image().Matches(_prose))
        let link = match.Groups["to"].Value
        where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
        let parts = link.Split('#', 2)
        select (link, parts[0].Length == 0 ? Path : System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, Uri.UnescapeDataString(parts[0]))), parts.Length > 1 ? parts[1] : "");

    /// <summary>Anchors of its headings, as GitHub makes them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            HashSet<string> anchors = [];
            foreach (Match heading in Heading().Matches(_prose))
            {
                string plain = Link().Replace(heading.Groups["text"].Value, "${text}").ToLowerInvariant();
                string slug = NoLetter().Replace(plain, "").Replace(' ', '-'), anchor = slug;
                for (int again = 1; !anchors.Add(anchor); again++) anchor = $"{slug}-{again}";
            }
            return anchors;
        }
    }

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline, 5000)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\[(?<text>[^\[\]]*(\[[^\]]*\][^\[\]]*)?)\]\((?<to>[^()\s]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex("<(img|source)[^>]+(src|srcset)=\"(?<to>[^\"]+)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Image();

    [GeneratedRegex("^#{1,6} +(?<text>.+?) *#*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_\- ]", RegexOptions.None, 5000)]
    private static partial Regex NoLetter();

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Foreign();
}
