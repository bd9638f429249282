# The interface in German.

### app: Befehle, Meldungen und was im Verlauf steht.

app-command-send = Eingabe senden
app-command-newline = Neue Zeile beginnen
app-command-history = Die früheren Eingaben aufzählen
app-command-search-history = Beim Tippen in früheren Eingaben suchen
app-command-editor = Die Eingabe in $EDITOR schreiben
app-command-paste = Aus der Zwischenablage dieses Rechners einfügen: Text, oder ein Bild als Anhang
app-command-open-paste = Eingefügtes oder eine Datei, die gefaltet ist, zum Ändern öffnen
app-command-strip-hidden = Zeichen, die niemand sieht, aus der Eingabe nehmen
app-command-vi = Die Eingabe mit den Tasten von vi ändern, oder mit denen von Readline
app-vi-on = Tasten von vi: Esc für Befehle, i zum Schreiben
app-vi-off = Tasten von Readline
app-view-switched = /linear führt zurück
app-view-dumb = Dieses Terminal kennt nur Zeilen
app-command-wordy = /{ $name } nimmt keine Wörter. Ein Text, der mit einem Schrägstrich beginnt, wird mit zweien gesendet
app-file-unread = { $file } wird nicht gelesen: { $reason }
app-file-not-text = es ist keine Textdatei
app-file-missing = diese Datei gibt es nicht
app-file-too-large = sie enthält mehr als { $most } MiB
app-file-reading = Eine Datei wird gelesen; noch einmal Enter drücken
app-draft-left = Das Geschriebene bleibt bei dem Zweig, für den es war
app-paste-elsewhere = Über SSH ist das die Zwischenablage des anderen Rechners: einfügen mit der Taste des Terminals (Ctrl+Shift+V, Cmd+V), oder eine Datei mit @ nennen
app-paste-empty = Nichts einzufügen: kein Text und kein Bild
app-paste-no-desktop = Hier ist keine Zwischenablage; einfügen mit der Taste des Terminals
app-paste-no-answer = Die Zwischenablage antwortet nicht; vielleicht fügt die Taste des Terminals ein
app-paste-failed = Die Zwischenablage wurde nicht gelesen: { $reason }
app-nothing-folded = Nichts ist gefaltet
app-nothing-hidden = In der Eingabe ist nichts verborgen
app-stripped = { $count } Zeichen aus der Eingabe genommen
app-command-interrupt = Antwort anhalten, sonst Eingabe leeren, sonst (zweimal) beenden
app-command-stop = Antwort anhalten und behalten, was kam
app-command-move-on = Beim Warten: eine andere Route fragen
app-command-ask-now = Beim Warten: jetzt fragen
app-command-focus = Zum Verlauf gehen, oder zurück zur Eingabe
app-command-edit = Eine Eingabe ändern; der alte Zweig bleibt
app-command-regenerate = Noch einmal fragen; die alte Antwort bleibt
app-command-continue = Eine Antwort fortsetzen, die zu früh endete
app-command-previous-sibling = Das vorige Geschwister zeigen
app-command-next-sibling = Das nächste Geschwister zeigen
app-command-copy = Die Nachricht kopieren, oder die letzte Antwort
app-command-copy-code = Einen Codeblock kopieren
app-command-copy-menu = Einen Teil der Nachricht kopieren, oder den Zweig
app-command-open-link = Einen Verweis der Nachricht im Browser öffnen, wenn zu sehen ist, wohin er führt
app-command-save-code = Einen Codeblock in eine Datei schreiben
app-command-save-branch = Den Zweig als Markdown in eine Datei schreiben
app-command-pipe = Die Auswahl, oder die Nachricht, einem Befehl geben
app-command-select = Text mit Tasten auswählen
app-command-select-lines = Zeilen mit Tasten auswählen
app-command-fold = Überlegungen zeigen oder falten
app-command-print = Den Zweig in den Verlauf des Terminals schreiben
app-command-pictures = Die Bilder des Zweigs zeigen
app-command-follow = Antworten bis an ihr Ende folgen, oder an ihrem Anfang stehen bleiben
app-command-next-heading = Zur nächsten Überschrift
app-command-previous-heading = Zur vorigen Überschrift
app-command-next-code = Zum nächsten Codeblock
app-command-previous-code = Zum vorigen Codeblock
app-command-raw = Die Nachricht zeigen, wie sie geschrieben ist, oder ihr Markdown
app-command-raw-all = Alle Nachrichten zeigen, wie sie geschrieben sind, oder ihr Markdown
app-raw-all = Nachrichten werden gezeigt, wie sie geschrieben sind
app-rendered-all = Nachrichten werden mit ihrem Markdown gezeigt
app-command-delete = Die Nachricht und alles darunter löschen
app-command-revise = Eine Nachricht an ihrer Stelle ändern; was sie sagte, bleibt
app-command-revisions = Frühere Fassungen der Nachricht
app-command-fork = In eine neue Unterhaltung abzweigen
app-command-fork-beside = In eine neue Unterhaltung abzweigen, in einem neuen Fenster
app-command-duplicate = Die Unterhaltung verdoppeln
app-command-exclude = Die Nachricht in Anfragen dieses Zweigs weglassen, oder wieder zulassen
app-command-put-first = Die Nachricht unter ihren Geschwistern an den Anfang setzen
app-command-order-siblings = Geschwister danach ordnen, wie oft es mit ihnen weiterging
app-command-pick = Die Nachricht zum Zitieren oder Vergleichen auswählen, oder nicht mehr
app-command-quote = Ausgewählte Nachrichten in der Eingabe zitieren, oder diese
app-command-bring-summary = Den verlassenen Zweig zusammenfassen lassen und das in der Eingabe zitieren
app-command-compare = Zwei Nachrichten vergleichen: die ausgewählten, sonst diese und ihr Geschwister
app-command-context = Was die nächste Eingabe senden würde, und was das kostet
app-command-fit = Was gegen eine Anfrage hilft, die für das Modell zu lang ist
app-command-undo = Die letzte Löschung zurücknehmen
app-command-find = Wörter im Zweig suchen
app-command-find-next = Zur nächsten Fundstelle
app-command-find-previous = Zur vorigen Fundstelle
app-command-line-down = Eine Zeile hinab
app-command-line-up = Eine Zeile hinauf
app-command-message-down = Zur nächsten Nachricht
app-command-message-up = Zur vorigen Nachricht
app-command-half-down = Eine halbe Seite hinab
app-command-half-up = Eine halbe Seite hinauf
app-command-page-down = Eine Seite hinab
app-command-page-up = Eine Seite hinauf
app-command-top = Zur ersten Nachricht
app-command-bottom = Zum Ende, und ihm folgen
app-command-split-right = Das Fenster teilen: ein neues rechts
app-command-split-down = Das Fenster teilen: ein neues darunter
app-command-open-beside = Den Zweig der Nachricht in einem neuen Fenster öffnen
app-command-close-pane = Das Fenster schließen; nichts darin geht verloren
app-command-zoom-pane = Nur dieses Fenster zeigen, oder wieder alle
app-command-next-pane = Zum nächsten Fenster
app-command-previous-pane = Zum vorigen Fenster
app-command-pane-1 = Zum ersten Fenster
app-command-pane-2 = Zum zweiten Fenster
app-command-pane-3 = Zum dritten Fenster
app-command-pane-4 = Zum vierten Fenster
app-command-pane-left = Zum Fenster links
app-command-pane-right = Zum Fenster rechts
app-command-pane-up = Zum Fenster darüber
app-command-pane-down = Zum Fenster darunter
app-command-swap-pane = Mit dem nächsten Fenster den Platz tauschen
app-command-widen-pane = Das Fenster breiter machen
app-command-narrow-pane = Das Fenster schmaler machen
app-command-heighten-pane = Das Fenster höher machen
app-command-lower-pane = Das Fenster niedriger machen
app-command-even-panes = Allen Fenstern gleich viel Platz geben
app-command-fan-out = Die Eingabe an mehrere Modelle zugleich senden, oder mehr von ihnen fragen
app-command-lanes = Die Geschwister hier nebeneinander zeigen, oder wieder den Zweig
app-command-next-lane = Zur nächsten Bahn
app-command-previous-lane = Zur vorigen Bahn
app-command-zoom-lane = Eine Bahn zeigen, oder wieder alle
app-command-promote = Mit der Bahn weitergehen; die anderen bleiben als Geschwister
app-command-stop-all = Jede Antwort dieser Unterhaltung anhalten und behalten, was kam
app-command-ghost-run = Die Fragen dieses Zweigs einem anderen Modell noch einmal stellen
app-command-more-samples = Das gewählte Modell einmal mehr fragen
app-command-fewer-samples = Das gewählte Modell einmal weniger fragen
app-command-blind = Verbergen, wer antwortet, bis eine Antwort gewählt ist
app-command-name-set = Die Markierten als benannte Gruppe behalten
app-command-link-panes = Gemeinsames in Fenstern zusammen blättern, oder wieder getrennt
app-command-tree = Die ganze Unterhaltung als Baum
app-command-rail = Einen Graphen neben dem Zweig zeigen, oder wegnehmen
app-command-previous-leaf = Zum vorigen Zweig, in der Ordnung des Baums
app-command-next-leaf = Zum nächsten Zweig
app-command-previous-parting = Dorthin, wo sich oben Zweige trennen
app-command-next-parting = Dorthin, wo sich unten Zweige trennen
app-command-siblings = Die Geschwister dieser Nachricht aufzählen, um zu einem zu gehen
app-command-branches = Die Enden aller Zweige aufzählen, um zu einem zu gehen
app-command-back = Zurück an die Stelle davor
app-command-forward = Wieder vorwärts
app-command-mark = Die Nachricht merken, um eine andere mit ihr zu vergleichen
app-command-star-message = Der Nachricht einen Stern geben, oder ihn nehmen
app-command-label = Die Nachricht beschriften
app-command-tree-open = Im Baum: den Zweig bei der Nachricht öffnen
app-command-tree-filter = Im Baum: Nachrichten mit einem Text zeigen
app-command-tree-show = Im Baum: Fragen, Antworten, Sterne oder Beschriftetes zeigen, oder alles
app-command-tree-model = Im Baum: die Antworten dieses Modells zeigen, oder alle
app-command-tree-runs = Im Baum: die Mitte gerader Strecken verbergen
app-command-new = Neue Unterhaltung
app-command-conversations = Eine Unterhaltung öffnen
app-command-sort-conversations = Die Liste der Unterhaltungen ordnen: nach Änderung, Entstehung, Titel, Preis, Größe (in der Liste auch Alt+P)
app-command-resume = Die Unterhaltung öffnen, die mitten in einer Antwort verlassen wurde
app-command-search = In allen Nachrichten suchen
app-command-pin = Die Unterhaltung oben in der Liste halten, oder loslassen
app-command-archive = Die Unterhaltung ins Archiv legen, oder herausholen
app-command-tags = Der Unterhaltung Schlagwörter geben
app-command-show-archive = In der Liste der Unterhaltungen: das Archiv zeigen, oder wieder die Liste
app-command-trash = Was im Papierkorb ist
app-command-empty-trash = Endgültig entfernen, was im Papierkorb ist
app-command-temporary = Neue Unterhaltung, von der nichts gespeichert wird
app-command-keep = Die flüchtige Unterhaltung doch speichern
app-command-preset = Eine Voreinstellung wählen
app-command-save-preset = Aus Modell und Einstellungen, wie sie sind, eine Voreinstellung machen
app-command-rename = Die Unterhaltung umbenennen
app-command-delete-conversation = Die Unterhaltung löschen
app-command-settings = Systemprompt, Temperatur und andere Einstellungen
app-command-model = Ein Modell wählen
app-command-endpoint = Einen Endpunkt wählen
app-command-key = Einen Schlüssel für den Endpunkt eingeben
app-command-remove-key = Den gespeicherten Schlüssel des Endpunkts entfernen
app-command-refresh = Alle Modelllisten neu holen
app-command-switch = In einer Liste: von Modellen zu Endpunkten, von Titeln zum Volltext, und zurück
app-command-star = Dem Modell einen Stern geben, oder ihn nehmen
app-command-sort-models = Modelle nach Preis ordnen, erst dem des Gelesenen, dann dem des Geschriebenen
app-command-usage = Was verbraucht wurde und was es kostete
app-command-usage-panel = Den Verbrauch neben der Unterhaltung zeigen oder wegnehmen
app-command-usage-branches = Was jeder Zweig der Unterhaltung kostete
app-command-usage-open = Auf der Verbrauchsseite: in die Zeile hinein oder zur Nachricht der Anfrage
app-command-usage-back = Auf der Verbrauchsseite: zurück
app-command-usage-range = Auf der Verbrauchsseite: mehr Tage
app-command-usage-range-back = Auf der Verbrauchsseite: weniger Tage
app-command-usage-dates = Auf der Verbrauchsseite: eigene Tage
app-command-usage-group = Auf der Verbrauchsseite: nach dem Nächsten gruppieren
app-command-usage-group-back = Auf der Verbrauchsseite: nach dem Vorigen gruppieren
app-command-usage-sort = Auf der Verbrauchsseite: nach der nächsten Spalte ordnen
app-command-usage-filter = Auf der Verbrauchsseite: nur Zeilen, deren Name einen Text enthält
app-command-usage-view = Auf der Verbrauchsseite: Zeilen, Verlauf, Stunden, Tempo
app-command-usage-events = Auf der Verbrauchsseite: die einzelnen Anfragen
app-command-usage-wins = Auf der Verbrauchsseite: was blind gewählt wurde
app-command-palette = Alle Befehle
app-command-help = Hilfe
app-command-leave = Schließen, was darüber liegt, oder zurück zur Eingabe
app-command-theme = Wählen, wie es aussieht
app-command-mouse = Mit der Maus hier klicken und blättern, oder im Terminal Text markieren
app-command-reload = Die Konfiguration neu lesen
app-command-problems = Sagen, was an der Konfiguration auf der Platte falsch ist
app-command-redraw = Den Bildschirm neu zeichnen
app-command-suspend = Anhalten und zur Shell
app-command-linear = Die App von hier an zeilenweise vorlesen, oder zurück zum Bildschirm
app-command-quit = Beenden

app-help-gist = In drei Sätzen
app-help-tree = Eine Unterhaltung ist ein Baum: Eine Eingabe zu ändern oder noch einmal zu fragen, legt ein Geschwister neben das, was da war, und nichts geht verloren.
app-help-focus = { $focus } führt von der Eingabe, wo Buchstaben Text sind, zum Verlauf, wo sie Befehle sind, und zurück; { $leave } verlässt, was offen ist, und hält nichts an.
app-help-route = Gesendet wird an ein Modell eines Endpunkts mit einem Schlüssel ({ $endpoint }, { $model }), jede Nachricht behält, womit sie entstand, und { $palette } zählt auf, was jetzt möglich ist.
app-help-arrival = Tasten und dieses Terminal
app-help-eater = { $who } behält von Haus aus für sich: { $keys }
app-help-kitty = { $terminal }: Tasten, die alte Terminals nicht unterscheiden, wie Shift+Enter, können ankommen. loquat keys-debug zeigt, was ankommt
app-help-no-kitty = { $terminal }: Shift+Enter kommt als Enter an, Ctrl+I als Tab, Ctrl+M als Enter; Ctrl+J und Alt+Enter beginnen eine Zeile. loquat keys-debug zeigt, was ankommt
app-help-tmux-keys = tmux: Shift+Enter kommt an, wo extended-keys an ist (set -s extended-keys on), sonst als Enter; Ctrl+J und Alt+Enter beginnen immer eine Zeile. loquat keys-debug zeigt, was ankommt
app-status-context = { $percent } % von { $window }
app-status-budget = { $name } { $percent } %
app-status-today = heute { $price }
app-status-ghost = Geisterlauf { $at }/{ $all }
app-status-waiting = fragt…
app-status-retrying = neuer Versuch ({ $count })
app-status-held = wartet auf einen freien Platz
app-status-held-by-provider = Anbieter ausgelastet, { $seconds } s
app-status-held-by-limit = Grenze erreicht, { $seconds } s
app-status-retry-in = nächster Versuch in { $seconds } s
app-status-streaming = schreibt
app-status-stopping = hält an…
app-status-following = folgt
app-status-temporary = flüchtig
app-status-unpriced = Preis unbekannt
app-status-part-priced = { $price } + ?
app-forecast-price = ≈ { $price }
app-forecast-unpriced = Preis unbekannt
app-forecast = ~{ $sent } rein · ~{ $out } raus · { $price }
app-forecast-cached = ~{ $sent } rein ({ $cached } im Cache) · ~{ $out } raus · { $price }
app-forecast-other = { $model } { $price }
app-forecast-next = nächste Antwort { $price }
app-range-today = heute
app-range-week = 7 Tage
app-range-thirty = 30 Tage
app-range-month = Monat
app-range-all = alles
app-range-days = Tage…
app-by-day = Tag
app-by-week = Woche
app-by-model = Modell
app-by-endpoint = Endpunkt
app-by-key = Schlüssel
app-by-conversation = Unterhaltung
app-by-branch = Zweig
app-by-user = Person
app-by-mode = Zweck
app-usage-table = Zeilen
app-usage-time = Verlauf
app-usage-hours = Stunden
app-usage-speed = Tempo
app-usage-wins = blinde Wahl
app-usage-everything = insgesamt
app-usage-events = Anfragen
app-usage-shared = von Zweigen geteilt
app-usage-no-branch = Titel und entfernte Nachrichten
app-usage-unstored = (nicht gespeichert)
app-usage-removed = (entfernt) { $id }…
app-usage-nowhere = Von dieser Anfrage wurden nur die Zahlen gespeichert
app-usage-nowhere-title = Diese Anfrage ergab einen Titel; zu welcher Unterhaltung, wurde damals nicht notiert
app-usage-nowhere-summary = Diese Anfrage ergab eine Zusammenfassung, die in ihrer Unterhaltung steht; ihr eigener Text wurde nicht gespeichert
app-usage-nowhere-imported = Diese Anfrage wurde nicht hier gestellt: ihre Zahlen wurden übernommen
app-usage-titled = Jene Anfrage ergab den Titel dieser Unterhaltung
app-usage-gone = Unterhaltung { $id }… ist nicht mehr gespeichert; war sie entfernt worden, liegt sie bis zum Leeren im Papierkorb
app-usage-message-gone = Diese Nachricht ist nicht mehr in dieser Unterhaltung
app-side-narrow = Der Verbrauch neben der Unterhaltung braucht { $columns } Spalten
app-mode-insert = { " " }einfügen{ " " }
app-mode-normal = { " " }normal{ " " }
app-mode-visual = { " " }visuell{ " " }
app-mode-visual-lines = { " " }visuell, Zeilen{ " " }
app-section-app = Überall
app-section-composer = Schreiben
app-section-transcript = Lesen und Verzweigen
app-section-conversation = Unterhaltungen
app-section-acts = Nachrichten
app-section-tree = Der Baum
app-section-panes = Fenster
app-section-lanes = Mehrere Antworten zugleich
app-section-usage = Verbrauch
app-part-groups = mehr
app-part-app = App
app-part-composer = Schreiben
app-part-transcript = Lesen
app-part-conversation = Gespräch
app-part-acts = Nachricht
app-part-tree = Baum
app-part-panes = Fenster
app-part-lanes = Bahnen
app-part-usage = Verbrauch
app-more-keys = { $section }…
app-strip-pages = { $page }/{ $pages } Bild↓

app-keymap-context = „{ $name }“ ist kein Ort für Tastenbelegungen
app-keymap-keys = „{ $keys }“ nennt keine Tasten
app-keymap-command = einen Befehl „{ $name }“ gibt es nicht
app-keymap-leader = { $keys } bleibt weg: { $count } eingebaute Belegungen beginnen damit (die erste ist { $first })
app-keymap-conflict = { $keys } ({ $command }) verträgt sich nicht mit { $other } ({ $rival }) bei { $at }
app-keymap-unreachable = { $keys } wird nie erreicht: { $other } ist „{ $command }“ ({ $context })
app-keymap-letter = „{ $key }“ lässt sich nicht mehr tippen ({ $context })
app-key-eaten = { $key } kommt nicht an, wo { $by } es hat, und so ist es dort voreingestellt
app-key-same = die meisten Terminals senden für { $key } dasselbe wie für { $other }
app-key-untold = nur Terminals mit dem Tastaturprotokoll von kitty melden { $key } sicher

app-config-taken = Die geänderte Konfiguration gilt
app-config-same = Die Konfiguration ist, wie sie war
app-config-mended = Die Konfiguration ist wieder in Ordnung
app-config-gone = Die geänderte Konfiguration gilt · { $owner } fehlt darin: mit { $keys } etwas anderes wählen
app-config-refused = { $problem }{ $others ->
    [0] {" "}· gilt nicht
   *[other] {" "}(und { $others } mehr) · gilt nicht
}
app-config-warnings = { $problem } (und { $others } mehr: loquat config check)

app-model-as-is = „{ $model }“ nehmen, wie es dasteht
app-model-as-is-about = { $owner } führt es nicht auf und wird danach gefragt, wie es geschrieben ist
app-you = ich
app-assistant = Antwort
app-untitled = ohne Titel
app-reasoning-folded = ▸ Überlegungen, { $lines ->
    [one] eine Zeile
   *[other] { $lines } Zeilen
 } · z zeigt sie
app-thought = ▸ { $seconds } s überlegt, { $lines ->
    [one] eine Zeile
   *[other] { $lines } Zeilen
 } · z zeigt sie
app-summary-folded = ▸ Zusammenfassung von { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 } durch { $model }, { $words } Wörter · z zeigt sie
app-summary-open = ▾ Zusammenfassung von { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 } durch { $model }, an ihrer Stelle gesendet
app-cut = ✂ vor dem Ende abgerissen · c setzt fort
app-stopped = ■ angehalten · c setzt fort, r fragt erneut
app-stopped-empty = ■ angehalten · r fragt erneut
app-failed-retry = r fragt erneut
app-failed-too-long = w sagt, was hilft · r fragt erneut
app-failed-partial = c setzt fort, r fragt erneut
app-length = endete an der Längengrenze · c setzt fort
app-filtered = von einem Inhaltsfilter beendet
app-first = { $seconds } erstes
app-alias = Alias { $alias }
app-passed-over = nicht { $route }: { $kind }{ $status }
app-attempts = { $count } Versuche
app-tokens-in = { $count } ein
app-cached = { $count } aus dem Cache
app-tokens-out = { $count } aus
app-free = kostenlos

app-kind-config = Konfiguration
app-kind-auth = Schlüssel abgelehnt
app-kind-unknown-model = unbekanntes Modell
app-kind-not-found = nicht gefunden
app-kind-network = Netz
app-kind-timeout = Zeit um
app-kind-rate-limit = Anfragegrenze
app-kind-provider = Fehler des Anbieters
app-kind-content-filter = Inhaltsfilter
app-kind-context-window = Kontextfenster
app-kind-budget = Budget
app-kind-cut = abgerissen
app-kind-cancelled = angehalten
app-kind-internal = innerer Fehler

app-busy = Eine Antwort wird geschrieben: ^C hält sie an
app-busy-there = Dort wird eine Antwort geschrieben: dorthin gehen, und ^C hält sie an
app-attempt-failed = { $route } scheiterte, ein weiterer Versuch folgt: { $reason }
app-still-loading = Die Unterhaltung wird noch gelesen
app-no-endpoint = Der Endpunkt { $name } ist nicht konfiguriert: ^X p wählt einen anderen
app-unset = { $name } nimmt seinen Schlüssel aus { $variable }, und das ist nicht gesetzt: hier einen eingeben, oder es setzen
app-cannot-continue = Diese Antwort ist ganz
app-notice-done = { $title }: { $model } hat geantwortet
app-notice-failed = { $title }: gescheitert, { $kind }
app-notice-too-long = { $title }: zu lang für das Modell, was hilft, wird gefragt
app-notice-cut = { $title }: die Antwort ist abgerissen
app-notice-waits = { $title }: wartet auf eine Route
app-background-done = Eine Antwort in einer anderen Unterhaltung ist fertig
app-budget-soft = Budget { $budget }
app-budget-hard = Budget { $budget }: ohne Nachfrage wird nichts mehr gesendet
app-budget-unpriced = Budget { $budget }
app-background-failed = Eine Antwort in einer anderen Unterhaltung ist gescheitert
app-no-key-needed = { $owner } braucht keinen Schlüssel
app-no-stored-key = Von { $owner } ist hier kein Schlüssel gespeichert
app-inline-earlier = { $count ->
    [one] … eine frühere Nachricht ({ $keys } gibt alle aus)
   *[other] … { $count } frühere Nachrichten ({ $keys } gibt alle aus)
}
app-inline-new = Neue Unterhaltung
app-inline-untitled = Eine Unterhaltung ohne Titel
app-inline-branch = Ein anderer Zweig, nach „{ $after }“
app-inline-beginning = Ein anderer Zweig, von Anfang an
app-inline-changed = Dies wurde geändert
app-nothing-to-print = Noch wurde nichts gesagt
app-nothing-to-undo = Nichts zurückzunehmen
app-nothing-unfinished = Keine Antwort wurde mittendrin verlassen
app-resumed = „{ $title }“: die Antwort ist abgerissen, c setzt sie fort
app-fork-path = der Weg bis hierher
app-fork-path-about = diese Nachricht und was zu ihr führt
app-fork-related = der Weg und seine Geschwister
app-fork-related-about = was zu dieser Nachricht führt, und jeweils die Geschwister, aber nichts unter ihnen
app-fork-level = alle Zweige, bis hierher
app-fork-level-about = jede Nachricht jedes Zweigs, die so tief steht wie diese oder weniger tief
app-fork-onwards = von hier an
app-fork-onwards-about = diese Nachricht und alles darunter; bei einer Antwort auch ihre Frage
app-fork-whole = alles
app-fork-whole-about = alle Zweige, bis an ihr Ende
app-fork-suffix = (Abzweig)
app-copy-suffix = (Kopie)
app-forked = Eine neue Unterhaltung mit { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 } · die andere bleibt, wie sie war
app-revised = Geändert · { $keys } zeigt, was sie vorher sagte
app-not-while-written = Diese Nachricht wird geschrieben: ^C hält sie an
app-nothing-to-revise = In dieser Nachricht ist kein Text
app-no-revisions = Sie hat nie etwas anderes gesagt
app-revision-until = bis { $age }
app-excluded = Wird auf diesem Zweig nicht mehr gesendet
app-included = Wird auf diesem Zweig wieder gesendet
app-put-first = Jetzt die erste unter ihren Geschwistern
app-is-first = Sie ist die erste ihrer Geschwister
app-ordered = Womit es am meisten weiterging, steht jetzt vorn
app-is-ordered = Die Geschwister stehen schon in dieser Ordnung
app-picked = { $count ->
    [one] 1 Nachricht ist ausgewählt
   *[other] { $count } Nachrichten sind ausgewählt
 } · { $quote } zitiert, { $compare } vergleicht
app-none-picked = Keine Nachricht ist ausgewählt
app-nothing-to-quote = Kein Text zum Zitieren
app-nothing-to-compare = Erst eine andere Nachricht auswählen: kein Geschwister zum Vergleichen ist da
app-fact-endpoint = Endpunkt
app-fact-key = Schlüssel
app-fact-model = Modell
app-fact-served = geantwortet hat
app-fact-before = Nachrichten davor
app-fact-left-out = weggelassen
app-fact-tokens = Token
app-fact-time = Zeit
app-fact-price = Preis
app-lens-nothing-sent = Enter ändert die Nachricht an ihrer Stelle: nichts wird gesendet
app-lens-always-sent = Das wird immer gesendet
app-lens-covered = Dafür steht die Zusammenfassung darunter: x auf ihr nimmt sie weg
app-summary-gone = Die Zusammenfassung wird nicht mehr gesendet: wofür sie stand, wird es · { $keys } zeigt, was die Nachricht behielt
app-no-lanes = Keine Bahnen sind zu sehen: der Befehl lanes zeigt Geschwister nebeneinander
app-no-more-branches = In dieser Richtung keine Zweige mehr
app-no-more-partings = In dieser Richtung trennen sich keine Zweige mehr
app-row-gone = Jene Zeile ist nicht mehr in der Liste
app-no-way-back = Zurück geht es nirgendwohin
app-no-way-forward = Vorwärts geht es nirgendwohin
app-marked = Gemerkt, um eine andere Nachricht damit zu vergleichen
app-unmarked = Nicht mehr gemerkt
app-rail-lanes = Der Graph steht neben einem Zweig: die Bahnen verlassen, um ihn zu sehen
app-rail-narrow = Der Graph braucht { $columns } Spalten
app-no-siblings = Keine Geschwister hier: e ändert eine Eingabe, r fragt erneut
app-nothing-to-copy = Noch nichts zu kopieren
app-selected = Ausgewählt: y kopiert, Esc lässt los. Ziehen mit Umschalt wählt im Terminal aus.
app-saved = { $size } in { $path } gespeichert
app-save-unnamed = Eine Datei braucht einen Namen.
app-save-exists = { $path } ist schon da: Enter ersetzt es
app-not-saved = { $path } wurde nicht gespeichert: { $reason }
app-picture = Bild
app-picture-key = { $key } zeigt es
app-pictures-none = Auf diesem Zweig ist kein Bild
app-picture-gone = Die Nachricht sagt inzwischen etwas anderes.
app-picture-no-image = Das sind Daten anderer Art und kein Bild in Base64.
app-picture-nowhere = Abgerufen werden nur Adressen mit http und https und keine, in der ein Benutzername steht: { $target }
app-picture-unsaved = Noch ist nichts da zum Speichern
app-picture-unknown = Das ist kein Bild in PNG, JPEG, GIF oder WebP.
app-picture-broken = Das Bild ist nicht zu lesen: { $reason }
app-picture-many = Das Bild hat { $width }×{ $height } Bildpunkte; mehr als { $most } Millionen werden nicht gezeigt.
app-picture-base64 = Das Bild ist beschädigt: sein Base64 ist nicht zu lesen.
app-picture-status = { $host } antwortete mit Status { $status }.
app-picture-large = { $host } sendet mehr als { $most } MB: nicht abgerufen.
app-picture-slow = { $host } hat es nicht in { $seconds } s gesendet.
app-picture-not-fetched = Nicht abgerufen: { $reason }
app-picture-scheme = { $host } führt zu einer Adresse, die nicht abgerufen wird: { $target }
app-picture-let-go = Es wird nicht mehr gezeigt
app-piped = { $command } ist gut ausgegangen
app-piped-code = { $command } endete mit { $code }
app-not-piped = { $command } lief nicht: { $reason }
app-too-slow = es dauerte länger als { $seconds } s
app-output = Ausgabe
app-nothing-selected = Nichts ist ausgewählt: v wählt Zeichen, V Zeilen, y kopiert, Esc lässt los
app-copy-message = Nachricht
app-copy-branch = Zweig als Markdown
app-copy-draft = Entwurf
app-copy-code = Code { $number } { $language }
app-copy-tsv = Tabelle als TSV
app-copy-table = Tabelle als Markdown
app-copy-link = Verweis
app-no-links = In dieser Nachricht ist kein Verweis
app-link-web = Netz
app-link-mail = Post
app-link-other = geht nicht auf
app-link-refused = Nicht geöffnet, denn das ist keine einfache Adresse im Netz oder für Post: { $link }
app-link-opened = An den Browser gegeben: { $link }
app-link-elsewhere = Über SSH ginge er anderswo auf
app-link-no-desktop = Hier ist keine Arbeitsfläche und kein $BROWSER
app-link-failed = Der Verweis ging nicht auf ({ $reason })
app-copied-instead = { $why }: { $copied }
app-copy-paragraph = Absatz
app-bytes = { $count } B
app-kilobytes = { $count } kB
app-megabytes = { $count } MB
app-no-code = Kein Code darüber
app-refreshing = Modelllisten werden geholt
app-quit-armed = Noch einmal ^C beendet
app-no-command = /{ $name } gibt es nicht; vielleicht /{ $meant }? Mit // am Anfang wird es als Text gesendet
app-not-loaded = Die Unterhaltung war nicht zu lesen: { $reason }
app-key-removed = Der Schlüssel von { $owner } ist entfernt
app-key-in-keyring = Der Schlüssel von { $owner } ist im Schlüsselbund des Systems
app-key-in-file = Der Schlüssel von { $owner } ist in einer Datei, die sonst niemand lesen kann
app-copied-native = { $size } in die Zwischenablage kopiert
app-copied-osc52 = OSC 52, { $size }, nicht bestätigt
app-copied-tmux = { $size } in einen Puffer von tmux kopiert, und an das Terminal um tmux gesendet, nicht bestätigt
app-copied-tmux-alone = { $size } in einen Puffer von tmux kopiert: set-clipboard von tmux ist aus, weiter geht es nicht
app-copied-both-tmux = { $size } in die Zwischenablage und in einen Puffer von tmux kopiert
app-copied-both = { $size } in die Zwischenablage kopiert, und an die des Terminals gesendet (OSC 52)
app-copied-file = Zu lang für OSC 52, und keine Zwischenablage antwortete: { $size } in { $file }
app-copied-neither = Zu lang für die Zwischenablage des Terminals, und keine andere antwortete
app-not-stored = Noch nicht gespeichert: mit der ersten Frage wird es das
app-temporary = Flüchtig: von dieser Unterhaltung wird nichts gespeichert, als was sie kostete
app-not-temporary = Diese Unterhaltung ist nicht flüchtig
app-kept = Von jetzt an gespeichert
app-pinned = Bleibt oben
app-unpinned = Bleibt nicht mehr oben
app-archived = Im Archiv · ^V in der Liste der Unterhaltungen zeigt es
app-unarchived = Zurück aus dem Archiv
app-group-pinned = angeheftet
app-listing-changed = Nach der letzten Änderung
app-listing-made = Nach der Entstehung
app-group-by-title = nach Titel
app-group-by-price = die teuersten zuerst
app-group-by-size = die längsten zuerst
app-group-today = heute
app-group-yesterday = gestern
app-group-7-days = letzte 7 Tage
app-group-30-days = letzte 30 Tage
app-group-month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[other] Dezember
} { $year }
app-group-own = eigene
app-group-configured = konfigurierte
app-preset-chosen = { $name }: { $to }
app-preset-kept = Als Voreinstellung { $name } behalten · { $keys } wählt sie
app-preset-configured = Diese Voreinstellung steht in der Konfiguration: dort ändern
app-preset-taken = Eine Voreinstellung { $name } gibt es schon
app-preset-unnamed = Eine Voreinstellung braucht einen Namen
app-bad-order = Die Ordnung ist eine ganze Zahl, oder leer
app-hit-about = { $who } · { $title }
app-new-lines = ▼ { $count ->
    [one] 1 neue Zeile
   *[other] { $count } neue Zeilen
 } · { $key }
app-more-below = ▼ { $key }
app-no-more-headings = In dieser Richtung keine Überschriften mehr
app-no-more-code = In dieser Richtung kein Code mehr
app-code-stop = Code { $number } von { $count } · { $keys } kopiert
app-follow-always = Antworten wird bis an ihr Ende gefolgt
app-follow-beginning = Die Ansicht bleibt am Anfang einer langen Antwort stehen; G folgt ihr
app-find-none = In diesem Zweig nicht gefunden
app-find-from-top = Vom Ende weiter am Anfang
app-find-from-end = Vom Anfang weiter am Ende
app-find-first = Nichts ist gesucht: / sucht Wörter im Zweig
app-trash-branch = Teil
app-trash-deleted = gelöscht { $day }
app-trash-emptied = { $count ->
    [0] Der Papierkorb war leer
    [one] 1 Ding endgültig entfernt
   *[other] { $count } Dinge endgültig entfernt
}
app-trash-traces = Entfernt ({ $count }), doch Spuren bleiben in der Datei, bis kein anderes Loquat sie benutzt: dann noch einmal leeren
app-trashed = Im Papierkorb · { $keys } nimmt zurück
app-restored = Zurück aus dem Papierkorb
app-log-failed = Was das kostet, lässt sich gerade nicht aufschreiben und wartet: { $reason }
app-sink-stuck = Die Senke „{ $sink }“ nimmt keine Ereignisse an, siehe loquat telemetry status: { $reason }
app-storage-failed = Nicht gespeichert: { $reason }
app-fold-paste = [eingefügt: { $size }, { $lines } { $count ->
    [one] Zeile
   *[other] Zeilen
}]
app-fold-file = [{ $name }: { $size }, { $lines } { $count ->
    [one] Zeile
   *[other] Zeilen
}]
app-fold-image = [{ $name }: { $width }×{ $height }, { $size }]
app-fold-image-unread = [{ $name }: { $size }]
app-history-failed = Eingaben werden nicht für den nächsten Lauf behalten: { $reason }
app-theme-automatic = nach dem Hintergrund des Terminals
app-theme-configured = wie konfiguriert: { $name }
app-theme-follows = dunkel oder hell, wie das Terminal sagt
app-theme-built-in = eingebaut
app-theme-broken = nicht nutzbar
app-theme-dark = dunkel
app-theme-light = hell
app-theme-no-colors = hier keine Farben: NO_COLOR, TERM oder ui.colors will es so
app-theme-sixteen = hier 16 Farben: welche das sind, bestimmt das Terminal
app-theme-failed = Das Farbschema „{ $name }“ lässt sich nicht zeigen: { $reason }
app-editor-failed = Der Editor scheiterte: { $reason }

app-expiry-never = nie
app-expiry-half-hour = nach 30 Minuten
app-expiry-two-hours = nach 2 Stunden
app-expiry-half-day = nach 12 Stunden
app-expiry-day = nach einem Tag
app-expiry-week = nach einer Woche
app-expiry-month = nach 30 Tagen
app-field-key = Schlüssel
app-field-label = Bezeichnung
app-field-base-url = Basis-URL
app-field-expiry = vergessen
app-field-title = Titel
app-field-file = Datei
app-field-command = Befehl
app-field-name = Name
app-field-order = Ordnung
app-field-tags = Schlagwörter
app-field-system = Systemprompt
app-field-temperature = Temperatur
app-field-max-tokens = Token höchstens
app-field-effort = Aufwand
app-field-params = Parameter
app-field-dates = Tage
app-hint-key = wird nicht gezeigt, und liegt im Schlüsselbund oder in einer Datei, die sonst niemand lesen kann
app-hint-label = benennt den Schlüssel, wo es mehrere gibt
app-hint-file = ~/ ist der eigene Ordner; eine Datei, die da ist, wird nicht ungefragt ersetzt
app-hint-command = bekommt den Text als Eingabe, durch $SHELL -c
app-hint-mark = ein paar Wörter; leer nimmt die Beschriftung weg
app-hint-base-url = wo der Endpunkt ist, etwa https://rechner/v1
app-hint-expiry = ← → wählt, wann er vergessen wird
app-hint-order = eine Zahl: kleine stehen vorn
app-hint-tags = Wörter mit Kommas dazwischen; in der Liste findet #wort, was eines hat
app-hint-name = eine Gruppe gleichen Namens wird ersetzt
app-hint-system = ^J beginnt eine Zeile
app-hint-temperature = 0 ist am beständigsten; leer ist die des Endpunkts
app-hint-max-tokens = der Antwort; leer ist die Zahl des Endpunkts
app-hint-effort = etwa low, medium oder high; leer ist der des Endpunkts
app-hint-variable = Alt+Enter beginnt eine Zeile
app-hint-params = name=wert name=wert …, Werte auch als JSON: stop=["a", "b"]
app-hint-dates = 2026-11-01..2026-11-30, 2026-11-01.., ..2026-11-30 oder ein Tag
app-bad-temperature = „{ $value }“ ist keine Temperatur: eine Zahl ab 0
app-bad-max-tokens = „{ $value }“ ist keine Zahl von Token
app-bad-param = „{ $value }“ ist nicht NAME=WERT
app-reserved-param = „{ $name }“ ist hier kein Parameter: das Modell wird in seiner Liste gewählt
app-key-empty = Erst den Schlüssel einfügen oder tippen
app-base-url-empty = Dieser Endpunkt braucht eine Basis-URL

app-per-million = €{ $input } / { $output } je M
app-models-window = Fenster
app-models-input = €/M rein
app-models-output = €/M raus
app-models-unpriced = ?
app-age-configured = konfiguriert
app-age-refreshing = wird geholt
app-age-now = jetzt
app-age-minutes = vor { $count } min
app-age-hours = vor { $count } h
app-age-days = vor { $count } d
app-endpoint-models = { $count ->
    [one] 1 Modell
   *[other] { $count } Modelle
 } · { $age }
app-endpoint-needs-key = braucht einen Schlüssel
app-endpoint-unset = { $variable } ist nicht gesetzt
app-endpoint-expired = Schlüssel abgelaufen
app-endpoint-failed = { $kind }: { $reason }
app-endpoint-silent = läuft nicht
app-endpoint-local = antwortet auf diesem Rechner
app-endpoint-ready = bereit
app-endpoint-aliases = { $count ->
    [one] 1 Alias
   *[other] { $count } Aliase
 }
app-endpoint-open = { $model } scheiterte zu oft: { $seconds } s in Ruhe gelassen
app-endpoint-half-open = { $model } scheiterte zu oft: die nächste Anfrage versucht es
app-endpoint-tried = { $model } scheiterte zu oft: wird versucht
app-endpoint-reachable = bereit · { $seconds } s
app-about-expired = Enter fragt nach einem neuen
app-about-needs-key = Enter fragt danach
app-about-unset = vor dem Start { $variable } setzen, oder hier einen Schlüssel eingeben
app-about-aliases = Namen für mehrere Routen, aus router.models; Enter zeigt sie
app-about-shut = ein Alias geht solange anderswohin; Enter zeigt die Modelle
app-alias-leads-to = { $strategy }: { $routes }
app-about-fetched = Modelle geholt: { $age }
app-about-configured = Modelle wie konfiguriert
app-origin-stored = sein Schlüssel ist hier gespeichert
app-origin-command = sein Schlüssel kommt von keyCommand
app-origin-environment = sein Schlüssel kommt aus der Umgebung
app-origin-profile = sein Schlüssel kommt aus einem AWS-Profil
app-origin-literal = sein Schlüssel steht in der Konfiguration
app-origin-none = kein Schlüssel nötig
app-messages = { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 }
app-lines = { $count } Zeilen

app-fit-ask = stattdessen { $model } fragen
app-fit-ask-about = Platz für { $window } Token. Was auf diesem Zweig folgt, geht auch dorthin.
app-fit-ask-unknown = Für zu lange Anfragen konfiguriert. Was auf diesem Zweig folgt, geht auch dorthin.
app-fit-drop = { $count ->
    [one] die älteste Nachricht
   *[other] die { $count } ältesten Nachrichten
} weglassen
app-fit-drop-about = „{ $first }“ bis „{ $last }“. Sie bleiben in der Unterhaltung: { $keys } zeigt, was gesendet wird, und lässt sie wieder zu.
app-fit-summary = eine Zusammenfassung { $count ->
    [one] der ältesten Nachricht
   *[other] der { $count } ältesten Nachrichten
} senden
app-fit-summary-about = „{ $first }“ bis „{ $last }“. Ein gewähltes Modell schreibt sie; sie bleibt bei der Eingabe.
app-fit-as-is = senden, wie es ist
app-fit-as-is-about = Etwa { $weight } Token bei einem Fenster von { $window }, das ist eine Schätzung: es kann angenommen, abgelehnt oder gekürzt werden.
app-fit-refused-about = Der Anbieter lehnte ab; etwa { $weight } Token sind eine Schätzung.
app-fit-not = Würde nicht passen: etwa { $weight } Token, eine Schätzung
app-fits = Passt, nach einer Schätzung: etwa { $weight } von { $window } Token
app-fits-unknown = Etwa { $weight } Token, eine Schätzung; wie viel { $model } nimmt, ist nicht bekannt
app-summary-failed = Keine Zusammenfassung durch { $model }: { $reason }
app-summary-empty = Keine Zusammenfassung durch { $model }: sie kam nicht zum Ende
app-brought = Zusammenfassung eines anderen Zweigs · { $model } · { $id }
app-no-branch-left = Es gibt keinen anderen Zweig, der mitzunehmen wäre

app-fan-out-nothing = Noch nichts zu senden: erst die Eingabe schreiben
app-fan-out-none = Die Leertaste markiert, wer gefragt wird, → fragt einen mehr als einmal: zwei Antworten sind das Mindeste
app-fan-out-most = Mehr als { $count } Antworten gehen nicht
app-set = Gruppe
app-set-answers = { $count ->
    [one] { $count } Antwort
   *[other] { $count } Antworten
}
app-set-kept = Die Gruppe „{ $name }“ bleibt: sie steht in dieser Liste vorn
app-set-forgotten = Die Gruppe „{ $name }“ ist vergessen
app-set-unnamed = Ihr einen Namen geben
app-blind-revealed = Gewählt. { $names }
app-ghost-nothing = Nichts noch einmal zu fragen: dieser Zweig hat noch keine Eingabe
app-ghost-begun = { $count ->
    [one] Geisterlauf: { $model } bekommt die eine Frage dieses Zweigs
   *[other] Geisterlauf: { $model } bekommt die { $count } Fragen dieses Zweigs
}
app-ghost-done = Geisterlauf: { $model } beantwortete { $all ->
    [one] die Frage
   *[other] alle { $all } Fragen
}
app-ghost-stopped = Geisterlauf: angehalten bei { $at } von { $all } ({ $model }); was kam, bleibt
app-ghost-failed = Geisterlauf: { $model } scheiterte bei { $at } von { $all }, was kam, bleibt: { $reason }
app-tree-mine = meine
app-tree-answers = Antworten
app-tree-starred = ★
app-tree-model = { $model }

app-panes-full = Es gibt { $count } Fenster, und für mehr ist kein Platz: erst eines schließen.
app-last-pane = Das ist das einzige Fenster.
app-one-pane = Es gibt kein anderes Fenster: erst dieses teilen.
app-no-cut = Auf jener Seite steht kein anderes Fenster.
app-mouse-captured = Die Maus klickt und blättert jetzt hier; mit Umschalt markiert sie Text.
app-mouse-free = Die Maus gehört wieder dem Terminal.
app-panes-together = Gemeinsames in Fenstern blättert zusammen.
app-panes-apart = Jedes Fenster blättert für sich.

### cli: was die Befehlszeile sagt.

cli-error = loquat: { $message }
cli-error-where = loquat: { $endpoint }/{ $key }: { $message }
cli-next = { "  " }→ { $step }
cli-no-endpoint = kein Endpunkt ist gewählt
cli-no-endpoint-next = mit -e NAME -m MODELL einen nennen, oder `defaults` in { $file } setzen; `loquat endpoints` zählt sie auf
cli-unknown-preset = keine Voreinstellung heißt { $name }
cli-presets-are = die Voreinstellungen sind { $names }
cli-no-presets = es gibt keine: sie stehen unter presets: in loquat.yaml, und ^X S in der App macht eine
cli-unknown-endpoint = einen Endpunkt „{ $name }“ gibt es nicht
cli-did-you-mean = ist „{ $name }“ gemeint?
cli-endpoints-are = Endpunkte: { $names }
cli-no-model = kein Modell von { $endpoint } ist gewählt
cli-tip-prompt = um etwas zu fragen: loquat -p TEXT
cli-no-model-next = mit -m MODELL eines nennen; `loquat models -e { $endpoint }` zählt sie auf
cli-models-are = zur Wahl: { $names }
cli-unknown-model = von keinem Endpunkt ist bekannt, dass er das Modell „{ $model }“ hat
cli-several-endpoints = mehrere Endpunkte haben das Modell „{ $model }“
cli-name-endpoint = auch den Endpunkt nennen: -e NAME -m { $model }
cli-unknown-key = { $endpoint } hat keinen Schlüssel „{ $label }“
cli-keys-are = seine Schlüssel: { $names }
cli-no-keys = er braucht keinen, oder einen speichern: loquat keys set { $endpoint } --label BEZEICHNUNG
cli-too-long = { $model }: etwa { $weight } Token passen nicht in sein Kontextfenster von { $window }; das ist eine Schätzung, darum wird trotzdem gesendet
cli-model-not-listed = { $endpoint } führt { $model } nicht auf; gesendet wird trotzdem
cli-stdin-forbidden = --prompt - liest von stdin, und --no-stdin verbietet es
cli-stdin-silent = stdin sagt nichts; weiter ohne (-n liest nie davon)
cli-stdin-late = die Zeit war um, ehe stdin oder eine Datei endete
cli-stdin-unreadable = stdin ist nicht zu lesen: { $error }
cli-file-unreadable = { $file }: { $error }
cli-file-silent = { $file } sagt noch nichts; es wird auf das Ende gewartet (Strg+C bricht ab)
cli-file-is-terminal = das ist ein Terminal und keine Datei; -p nimmt, was getippt werden soll
cli-input-too-large = mehr als { $limit } MiB, das liest kein Modell
cli-not-text = { $file } ist kein Text in UTF-8
cli-no-prompt = diese Schalter gehören zu einer Frage: --prompt TEXT, oder Text auf stdin
cli-empty-prompt = die Frage ist leer
cli-needs-terminal = die App braucht ein Terminal; aus einem Skript mit --prompt TEXT fragen
cli-doctor-keys = was es für jede Taste sendet: loquat keys-debug
cli-keys-debug-terminal = keys-debug braucht ein Terminal für die Tasten; mit --json kann die Ausgabe anderswohin gehen
cli-keys-debug-begin = Tasten drücken: was das Terminal sendet, was es ist und was es auslöst. Strg+C oder q, zweimal, beendet.
cli-keys-debug-again = noch einmal, um zu beenden
cli-keys-debug-nothing = nichts, was bekannt wäre
cli-keys-debug-kitty = Das Terminal spricht das Tastaturprotokoll von kitty (Flags { $flags }).
cli-keys-debug-no-kitty = Das Terminal spricht das Tastaturprotokoll von kitty nicht.
cli-keys-debug-modify = xterms modifyOtherKeys steht auf Stufe { $level }.
cli-keys-debug-answers = Das Terminal hat geantwortet.
cli-keys-debug-paste = eingefügt: { $count ->
    [one] ein Zeichen
   *[other] { $count } Zeichen
}
cli-keys-debug-focus = das Terminal ist im Vordergrund
cli-keys-debug-blur = das Terminal ist nicht mehr im Vordergrund
cli-keys-debug-mouse = Maus: { $what }
cli-keys-debug-size = Größe { $columns }x{ $rows }
cli-keys-debug-release = { $key } losgelassen
cli-keys-debug-begins = beginnt { $count } Belegungen
cli-keys-debug-typed = getippt
cli-keys-debug-unbound = löst nichts aus
cli-bad-param = --param „{ $param }“ ist nicht NAME=WERT
cli-reserved-param = --param kann „{ $name }“ nicht setzen: das Modell nennt -m, die Nachrichten sind die Frage, und --no-stream bittet um eine ganze Antwort
cli-bad-timeout = --timeout nimmt eine Zahl von Sekunden über 0, nicht { $seconds }
cli-finish-length = die Antwort endete an ihrer Längengrenze
cli-finish-refusal = das Modell lehnte ab: { $text }
cli-budget = Budget { $budget }
cli-budget-spent = Budget { $budget }: ohne --over-budget wird nichts mehr gesendet
cli-attempt-failed = Versuch { $attempt } scheiterte, es geht weiter: { $route }: { $message }
cli-waiting = { $route } hat gerade nichts übrig: { $seconds } s Warten
cli-waiting-for-room = { $route } ist mit anderen Anfragen beschäftigt: Warten auf einen Platz
cli-events-kept = { $count ->
    [one] Das Ereignis dieses Laufs konnte nicht
   *[other] { $count } Ereignisse dieses Laufs konnten nicht
  } nach { $folder } geschrieben werden: { $reason }. Aufgehoben in { $kept }; was im Zustandsordner liegt, kommt mit dem nächsten Lauf, der es kann, ins Protokoll.
cli-events-lost = { $count ->
    [one] Das Ereignis dieses Laufs ist verloren
   *[other] { $count } Ereignisse dieses Laufs sind verloren
  }: es ging weder nach { $folder } ({ $reason }) noch irgendwohin sonst.
cli-stdout-failed = stdout lässt sich nicht schreiben: { $error }
cli-detail-config = Konfiguration: { $file }
cli-detail-turn = { $endpoint }/{ $key } · { $model } · Versuche { $attempts } · Token { $tokens_in } ein, { $tokens_out } aus · EUR { $cost } · { $latency } s, erster Inhalt nach { $ttft } s
cli-detail-stored = Unterhaltung { $conversation }
cli-import-file = { $file }: { $reason }
cli-import-zip = das ist ein Zip-Archiv; auspacken und die conversations.json darin nennen
cli-import-not-text = das ist kein Text: das Byte bei { $at } ist kein UTF-8
cli-import-not-json = das ist kein JSON: { $error }
cli-import-unknown = kein bekanntes Format; gesucht wurde nach Loquats eigenem JSON („loquat“), LibreChat („conversationId“ mit „messages“ oder „messagesTree“), ChatGPT („mapping“), Claude („chat_messages“), Chatbot UI („version“ mit „history“) und LibreChats Voreinstellungen („presetId“, oder „title“ mit „endpoint“)
cli-import-unknown-item = kein bekanntes Format
cli-import-no-messages = seine Nachrichten fehlen
cli-import-newer = Format { $found } ist neuer als das dieser Fassung, { $known }
cli-import-two-alike = zwei Nachrichten haben die Kennung { $id }
cli-import-titled = „{ $title }“
cli-import-numbered = Unterhaltung { $number }
cli-import-failed = { $file }: { $conversation } wurde nicht eingelesen: { $reason }
cli-import-held = { $file }: { $conversation } ist schon hier
cli-import-in-trash = { $file }: { $conversation } ist im Papierkorb; loquat trash restore { $id } holt sie zurück
cli-import-has-more = { $file }: { $conversation } ist schon hier, mit { $here ->
    [one] einer Nachricht
   *[other] { $here } Nachrichten
  }, und hat in der Datei { $messages }
cli-import-preset = { $file }: die Voreinstellung „{ $name }“, für --preset und in der Liste der App
cli-import-preset-held = { $file }: eine Voreinstellung „{ $name }“ gibt es schon
cli-import-complaints = { $file }: { $conversation }: { $said }
cli-import-images = { $count ->
    [one] ein Bild blieb weg
   *[other] { $count } Bilder blieben weg
  }
cli-import-audio = { $count ->
    [one] eine Aufnahme blieb weg
   *[other] { $count } Aufnahmen blieben weg
  }
cli-import-attachment = die Datei „{ $name }“ blieb weg
cli-import-parts = { $count ->
    [one] ein Teil vom Typ „{ $kind }“ blieb weg
   *[other] { $count } Teile vom Typ „{ $kind }“ blieben weg
  }
cli-import-not-messages = { $count ->
    [one] ein Eintrag ist keine Nachricht
   *[other] { $count } Einträge sind keine Nachrichten
  }
cli-import-setting = die Einstellung „{ $name }“ blieb weg
cli-import-prompts = { $count ->
    [one] eine Eingabe blieb weg
   *[other] { $count } Eingaben blieben weg
  }
cli-import-folders = { $count ->
    [one] ein Ordner blieb weg
   *[other] { $count } Ordner blieben weg
  }
cli-import-parents = { $count ->
    [one] eine Nachricht antwortet auf eine, die nicht in der Datei ist, und beginnt einen eigenen Zweig
   *[other] { $count } Nachrichten antworten auf solche, die nicht in der Datei sind, und beginnen eigene Zweige
  }
cli-import-circles = { $count ->
    [one] ein Kreis von Nachrichten, die einander antworten, wurde aufgeschnitten
   *[other] { $count } Kreise von Nachrichten, die einander antworten, wurden aufgeschnitten
  }
cli-import-same-ids = { $count ->
    [one] eine Nachricht hat die Kennung einer anderen, und beide blieben
   *[other] { $count } Nachrichten haben Kennungen anderer, und alle blieben
  }
cli-import-and-more = und { $count } weitere (--json zählt sie auf)
cli-import-done = eingelesen { $imported }, schon hier { $skipped }, gescheitert { $failed }
cli-import-would = würde einlesen { $imported }; schon hier { $skipped }, gescheitert { $failed }
cli-import-again = was schon hier ist, blieb unberührt; -v nennt es, --again liest es als Kopie ein
cli-prices-column-seller = Anbieter
cli-prices-column-model = Modell
cli-prices-column-in = USD/M ein
cli-prices-column-out = aus
cli-prices-column-read = Cache
cli-prices-column-write = Cache neu
cli-prices-column-date = Stand
cli-prices-everywhere = überall
cli-prices-listed = { $count ->
    [0] dafür ist kein Preis bekannt
    [one] ein Preis
   *[other] { $count } Preise
  }
cli-prices-of = { $model } bei { $endpoint }, in US-Dollar für eine Million Token:
cli-prices-unknown = { "  " }sein Preis ist nicht bekannt: mit prices.models in der Konfiguration angeben
cli-prices-own = prices.models: { $model }
cli-prices-token-config = tokenConfig des Endpunkts
cli-prices-free-demo = kostenlos: die Vorführung fragt niemanden
cli-prices-free-local = kostenlos: ein Server dieses Rechners rechnet
cli-prices-list = die Modellliste des Endpunkts
cli-prices-imported = eingelesen: { $row }
cli-prices-builtin = eingebaut: { $row }
cli-prices-row = { $model } von { $seller }
cli-prices-row-assumed = { $model } von { $seller }, dessen Preis gilt, weil der dieses Endpunkts nicht bekannt ist
cli-prices-input = Eingabe
cli-prices-cache-read = aus dem Cache
cli-prices-cache-write = in den Cache geschrieben
cli-prices-cache-write-1h = für eine Stunde geschrieben
cli-prices-output = Ausgabe
cli-prices-reasoning = Überlegungen
cli-prices-above = { "    " }mit mehr als { $tokens } Token Eingabe:
cli-prices-cost = { "  " }diese Token: { $usd } USD, { $eur } EUR
cli-prices-no-cost = { "  " }was diese Token kosten, ist nicht bekannt
cli-prices-rate = { $rate } EUR für einen US-Dollar ({ $at }; von welchem Tag, sagt eur_per_usd_date)
cli-prices-rate-dated = { $rate } EUR für einen US-Dollar am { $date } ({ $at })
cli-prices-rate-builtin = { $rate } EUR für einen US-Dollar, eine runde Zahl: prices.eur_per_usd setzen
cli-prices-nowhere = von keinem Endpunkt ist bekannt, dass er „{ $model }“ hat
cli-prices-nowhere-next = einen nennen: loquat prices explain MODELL -e ENDPUNKT
cli-html-title = Verbrauch, { $from } bis { $to }
cli-prices-not-usage = --usage ist nicht zu lesen: { $reason }
cli-prices-not-usage-next = so schreiben: {"{"}"tokens_in":1000,"tokens_out":200{"}"}
cli-prices-taken = { $rows ->
    [one] ein Preis
   *[other] { $rows } Preise
  } aus { $from } übernommen; ohne Preis für Token: { $left ->
    [one] ein Eintrag
   *[other] { $left } Einträge
  }
cli-prices-no-map = { $from } ist nicht LiteLLMs Preisliste
cli-prices-no-map-next = sie heißt model_prices_and_context_window.json
cli-prices-clear = { $url } wird nicht gelesen: Preise kommen über https oder von diesem Rechner
cli-prices-status = { $url } antwortet { $status }
cli-prices-large = { $url } ist zu groß für eine Preisliste
cli-doctor-status = { $reason } (HTTP { $status })
cli-doctor-latency = { $seconds } s
cli-doctor-no-config = es gibt keine; die eingebaute Konfiguration gilt
cli-doctor-no-config-next = loquat config init schreibt eine für den Anfang
cli-doctor-config = { $endpoints ->
    [one] ein eigener Endpunkt
   *[other] { $endpoints } eigene Endpunkte
  }, { $warnings ->
    [0] nichts zu beanstanden
    [one] eine Warnung
   *[other] { $warnings } Warnungen
  }
cli-doctor-config-next = loquat config check zählt sie auf
cli-doctor-broken-config-next = jene Zeile berichtigen, dann nachsehen mit: loquat config check
cli-doctor-no-database = noch ist nichts gespeichert
cli-doctor-storage = { $count ->
    [one] eine Unterhaltung
   *[other] { $count } Unterhaltungen
  }, Write-Ahead-Log
cli-doctor-storage-rollback = { $count ->
    [one] eine Unterhaltung
   *[other] { $count } Unterhaltungen
  }, Rollback-Journal: dieses Dateisystem teilt keinen Speicher zwischen Prozessen, darum warten sie aufeinander
cli-doctor-no-log = noch wurde nichts gefragt
cli-doctor-log = { $files ->
    [one] ein Monat
   *[other] { $files } Monate
  } mit Ereignissen
cli-doctor-keyring = der Schlüsselbund des Systems antwortet
cli-doctor-no-keyring = Schlüssel kommen in eine Datei, die sonst niemand lesen kann, denn kein Schlüsselbund antwortet: { $reason }
cli-doctor-colours-none = keine Farben
cli-doctor-colours = { $count } Farben
cli-doctor-colours-true = alle Farben
cli-doctor-can = wird behandelt wie eines mit { $features }
cli-doctor-can-nothing = wird behandelt wie eines, das keine Steuerfolgen kennt
cli-doctor-can-frames = ganzen Bildern (Modus 2026)
cli-doctor-can-scroll = Rollbereichen
cli-doctor-can-link = Verweisen (OSC 8)
cli-doctor-can-keys = dem Tastaturprotokoll von kitty
cli-doctor-can-other-keys = modifyOtherKeys von xterm
cli-doctor-can-title = Titeln
cli-doctor-can-answer = einem Lebenszeichen (DSR 5)
cli-doctor-can-copy = einer Zwischenablage (OSC 52)
cli-doctor-may-copy = vielleicht einer Zwischenablage (OSC 52)
cli-doctor-can-ring = einer Glocke
cli-doctor-can-notify = Benachrichtigungen (OSC { $number })
cli-doctor-images = Bildern ({ $protocol })
cli-doctor-images-cells = Bildern aus halben Blöcken
cli-doctor-answers = antwortet mit { $count ->
    [one] einem Modell
   *[other] { $count } Modellen
  }
cli-doctor-demo = ohne Netz, immer da
cli-doctor-router = { $count ->
    [one] 1 Alias
   *[other] { $count } Aliase
 }
cli-doctor-reachable = ein Server antwortet; { $count ->
    [one] ein Modell ist
   *[other] { $count } Modelle sind
  } konfiguriert
cli-doctor-unused = nicht eingerichtet: { $names }

cli-for-aliases = „{ $name }“ steht für die Aliase und hat weder Adresse noch eigene Schlüssel; sie führen zu { $names }: davon eines nennen
cli-router-empty = es gibt keine Aliase, und von keiner Route ist etwas bekannt; docs/aliases.md sagt, wie man einen schreibt
cli-router-alias = Alias
cli-router-route = Route
cli-router-state = Stand
cli-router-ttft = Erstes Wort
cli-router-in-flight = Unterwegs
cli-router-left = Übrig
cli-router-refused = ihr Schlüssel wurde abgelehnt
cli-router-open = offen für { $seconds } s: { $count ->
    [one] ein Fehlschlag
   *[other] { $count } Fehlschläge nacheinander
  } ({ $kind })
cli-router-probed = halb offen: wird versucht
cli-router-half-open = halb offen: die nächste Anfrage versucht sie ({ $kind })
cli-router-told = soll { $seconds } s warten
cli-router-failing = geschlossen: { $count ->
    [one] ein Fehlschlag
   *[other] { $count } Fehlschläge nacheinander
  } ({ $kind })
cli-router-unknown = geschlossen: noch nichts bekannt
cli-router-closed = geschlossen
cli-router-median = { $seconds } s (Median von { $count })
cli-router-requests = Anfragen
cli-router-tokens = Token
cli-router-parallel = zugleich
cli-telemetry-none = niemand bekommt Anfrage-Ereignisse: telemetry.sinks in der Konfiguration nennt, wer sie bekommt
cli-telemetry-unknown = in telemetry.sinks gibt es kein Ziel „{ $name }“
cli-telemetry-unreadable = das Protokoll oder die Dateien des Ziels lassen sich nicht benutzen: { $reason }
cli-telemetry-busy = { $name }: ein anderer Prozess liefert gerade
cli-telemetry-nothing = { $name }: alles ist geliefert; nichts wartet
cli-telemetry-handed = { $name }: { $delivered } geliefert, { $rejected } endgültig abgelehnt
cli-telemetry-failed = { $name }: { $reason }
cli-telemetry-set-aside = { $name }: endgültig Abgelehntes liegt in { $file }
cli-telemetry-sink = Ziel
cli-telemetry-to = An
cli-telemetry-pending = Wartet
cli-telemetry-delivered = Geliefert
cli-telemetry-rejected = Abgelehnt
cli-telemetry-state = Stand
cli-telemetry-again = { $failures }-mal gescheitert, wieder um { $at }
cli-telemetry-waiting = liefert die App, oder flush
cli-telemetry-done = hat alles

### config: was über die Konfiguration zu sagen ist.

config-yaml-syntax = das ist kein YAML: { $reason }
config-yaml-documents = hier beginnt ein zweites Dokument; nur das erste wird gelesen
config-yaml-alias = dieser Verweis nennt nichts, was vor ihm vollständig ist
config-yaml-key = ein Schlüssel muss Text sein
config-yaml-duplicate = „{ $key }“ steht hier ein zweites Mal; es steht schon in Zeile { $line }
config-yaml-merge = „<<“ nimmt eine Abbildung oder eine Liste von Abbildungen
config-yaml-large = das ist zu tief geschachtelt oder wird zu groß für eine Konfiguration
config-leaves-none = hier steht nichts zu lesen: erwartet sind Schlüssel und Werte
config-yaml-hint-tab = mit Leerzeichen einrücken; YAML nimmt keine Tabulatoren
config-yaml-hint-colon = die Einrückung hier prüfen, und einen Wert mit „: “ in Anführungszeichen setzen
config-yaml-hint-braces = Kommas und Klammern prüfen, und zwischen Klammern einen Wert wie ${"{"}NAME{"}"} in Anführungszeichen setzen
config-yaml-hint-quote = prüfen, ob jedes Anführungszeichen geschlossen ist

config-wrong-type = muss { $expected } sein; ist { $found }
config-kind-text = Text
config-kind-bool = true oder false
config-kind-positive = eine Zahl über 0
config-kind-amount = eine Zahl ab 0
config-kind-count = eine ganze Zahl ab 0
config-kind-whole = eine ganze Zahl ab 1
config-kind-whole-or = eine ganze Zahl über null, oder „{ $word }“
config-kind-one-of = eines von { $words }
config-kind-two-letters = zwei Zeichen, etwa jj
config-kind-list = eine Liste
config-kind-map = eine Abbildung
config-found-nothing = leer
config-found-text = Text
config-found-word = „{ $text }“
config-found-list = eine Liste
config-found-map = eine Abbildung

config-unknown-key = unbekannter Schlüssel „{ $key }“
config-did-you-mean = ist „{ $name }“ gemeint?
config-missing = „{ $key }“ fehlt
config-duplicate-name = der Name „{ $name }“ ist in Zeile { $line } schon vergeben
config-prompt-name = „{ $name }“ lässt sich nicht als Befehl aufrufen: der Name einer Vorlage besteht aus Buchstaben, Ziffern, „-“, „_“ und „.“
config-name-taken = „{ $name }“ hat einen eigenen Abschnitt: als endpoints.{ $name } schreiben
config-name-of-aliases = „{ $name }“ ist der Endpunkt der Aliase aus router.models: einen anderen Namen wählen
config-own-file-only = das wird nur aus der eigenen Datei genommen, nicht aus einer eingebundenen; es bleibt weg
config-foreign = verstanden, nicht benutzt

config-no-base = ein Endpunkt braucht eine baseURL
config-no-base-hint = baseURL: https://… hinzufügen (oder user_provided, um gefragt zu werden)
config-azure-no-instance = eine Gruppe braucht einen instanceName oder eine baseURL
config-azure-no-base = eine Gruppe ohne eigenen Server braucht eine baseURL
config-azure-model-twice = das Modell „{ $model }“ steht schon in einer anderen Gruppe
config-bad-url = das ist keine URL; sie muss mit https:// oder http:// beginnen
config-bad-url-hint = ist „{ $guess }“ gemeint?
config-literal-key = ein Schlüssel steht ausgeschrieben in dieser Datei
config-literal-key-hint = eine Variable nennen, "${"{"}NAME{"}"}", oder user_provided schreiben und „loquat keys set“ benutzen
config-default-key-twice = die Bezeichnung „{ $label }“ ist schon vergeben; apiKey trägt die Bezeichnung „default“
config-key-empty = der Schlüssel „{ $label }“ hat weder apiKey noch keyCommand
config-vertex-token = Vertex AI will ein Zugriffstoken als Schlüssel dieses Endpunkts, und keines ist konfiguriert; Dateien von Dienstkonten werden nicht gelesen
config-vertex-token-hint = keyCommand: [gcloud, auth, print-access-token] hinzufügen
config-user-missing = oben in der Datei fehlt `user`, darum wird dem Endpunkt niemand genannt
config-unset-param = { $name } ist nicht gesetzt; der Wert wird gesendet, wie er dasteht
config-reserved-param = „{ $name }“ gehört der Anfrage selbst und ist kein Parameter; es wird nicht gesendet
config-price-tiers = ein Preis hat Platz für { $most } Schwellen und nicht mehr
config-not-a-date = ein Tag wird als 2026-11-20 geschrieben
config-no-such-endpoint = einen Endpunkt „{ $name }“ gibt es nicht
config-budget-without-limit = ein Budget braucht `soft`, `hard` oder beides, in Euro
config-budget-conversation = „{ $id }“ ist keine Unterhaltung: die ganze Id, wie loquat list --json sie nennt
config-budget-soft-above-hard = `soft` muss vor `hard` kommen: es ist das größere von beiden
config-retention-folder = `then: move` braucht `folder`, den Ordner, in den Monate verschoben werden
config-sink-name = „{ $name }“ kann kein Ziel heißen: der Name besteht aus kleinen Buchstaben, Ziffern, „-“ und „_“
config-sink-batch = Ereignisse der Form `request-event` haben keine Kennung, an der sie sich unterscheiden ließen, also bekommt ein Sammler sie einzeln: `batch` weglassen oder `shape: event` angeben
config-unset = { $name } ist nicht gesetzt, und { $at } braucht es
config-unset-step = { $name } in der Umgebung setzen, oder jene Zeile ändern

config-alias-stars = ein Name enthält höchstens ein „*“
config-alias-no-routes = ein Alias braucht mindestens eine Route: einen Endpunkt und ein Modell
config-alias-route-star = „*“ in einem Modell ist, wofür das „*“ des Alias steht, und „{ $alias }“ hat keines
config-alias-endpoint-name = auch ein Endpunkt heißt so; als Modell ist „{ $name }“ der Alias, und die Modelle des Endpunkts sind „{ $name }/MODELL“
config-alias-key = „{ $endpoint }“ hat hier keinen Schlüssel „{ $label }“; er muss gespeichert sein, ehe diese Route gegangen werden kann
config-alias-key-hint = loquat keys set { $endpoint } --label { $label }
config-alias-itself = „{ $name }“ weicht auf sich selbst aus
config-alias-no-such = einen Alias „{ $name }“ gibt es nicht, und keinen Endpunkt, dessen Modell es sein könnte

config-litellm-provider = den Anbieter von „{ $model }“ kann man von hier aus nicht fragen; dieser Eintrag bleibt weg
config-litellm-provider-hint = ein Server, der OpenAIs Format spricht, ist openai/MODELL mit seiner api_base
config-litellm-everything = die Modelle jedes Endpunkts lassen sich auch ohne dies als ENDPUNKT/MODELL fragen; dieser Eintrag bleibt weg
config-litellm-vertex = von den Modellen auf Vertex AI kann man von hier aus nur claude-… und gemini-… fragen; dieser Eintrag bleibt weg
config-litellm-missing = „{ $key }“ fehlt; dieser Eintrag bleibt weg
config-litellm-mode = er ist für { $mode } und nicht für Unterhaltungen; dieser Eintrag bleibt weg
config-litellm-credential = Zugangsdaten „{ $name }“ gibt es in dieser Datei nicht
config-litellm-variable = „{ $name }“ ist kein Name einer Variablen, die man lesen kann
config-litellm-number = muss eine Zahl sein, als Grenze über 0; es bleibt weg
config-litellm-strategy = eine Strategie „{ $name }“ gibt es hier nicht; die Routen werden gemischt
config-litellm-group = einen model_name „{ $name }“, der zu benutzen wäre, gibt es in dieser Datei nicht
config-litellm-alias-taken = „{ $name }“ ist schon ein model_name, und der ist gemeint
config-litellm-target = nur Namen von Modellen können Ausweichziele sein; dieses bleibt weg

config-explain-wildcard = durch „{ $name }“
config-explain-order = order: die Routen werden versucht, wie sie hier stehen
config-explain-shuffle = shuffle: eine wird ausgelost, nach Gewicht
config-explain-least-busy = least-busy: zuerst die mit den wenigsten laufenden Anfragen
config-explain-latency = latency: zuerst die, deren erstes Token am schnellsten kommt
config-explain-cost = cost: zuerst die billigste
config-explain-headroom = headroom: zuerst die, der von ihren Grenzen am meisten bleibt
config-explain-retries = { $count ->
        [0] kein Versuch nach dem ersten
        [one] 1 Versuch nach dem ersten
       *[other] { $count } Versuche nach dem ersten
    }
config-explain-routes = Routen
config-explain-routes-later = danach, wenn keine von diesen antworten kann
config-explain-place = bei { $place }, { $api }
config-explain-key = Schlüssel { $label }: { $source }
config-explain-no-key = kein Schlüssel
config-explain-stored-key = Schlüssel { $label }, der gespeichert sein muss
config-explain-asked = wird erfragt
config-explain-written = steht in der Datei
config-explain-command = von { $program } ausgegeben
config-explain-aws = wo AWS seine Schlüssel hat
config-explain-unset = { $text } ({ $name } ist nicht gesetzt)
config-explain-share = Gewicht { $weight } von { $sum }
config-explain-requests = { $count ->
        [one] 1 Anfrage in der Minute
       *[other] { $count } Anfragen in der Minute
    }
config-explain-tokens = { $count ->
        [one] 1 Token in der Minute
       *[other] { $count } Token in der Minute
    }
config-explain-parallel = { $count ->
        [one] 1 Anfrage zugleich
       *[other] { $count } Anfragen zugleich
    }
config-explain-limits = Grenzen: { $limits }
config-explain-key-limits = Grenzen des Schlüssels: { $limits }
config-explain-endpoint-limits = Grenzen des Endpunkts: { $limits }
config-explain-timeouts = wartet { $first } s auf das erste Token, { $idle } s auf jedes Stück, { $total } s im Ganzen
config-explain-fallbacks = wenn jede Route scheitert
config-explain-context-fallbacks = wenn eine Anfrage für das Modell zu lang ist
config-explain-policy-fallbacks = wenn der Filter eines Anbieters ablehnt
config-explain-unknown = einen Alias „{ $name }“ gibt es nicht
config-explain-known = es gibt { $names }
config-explain-none = die Konfiguration hat keine; man schreibt sie unter „router.models“, oder sie kommen mit einer Datei von LiteLLM

config-adapter-missing = `api: adapter` braucht einen Block `adapter`
config-adapter-unused = ein Block `adapter` wird nur mit `api: adapter` benutzt
config-adapter-no-answer = weder `stream` noch `response` ist da: von einer Antwort würde nichts gelesen
config-adapter-whole = `framing: whole` ist für Antworten in einem Stück, die `response` liest; `stream` liest Stücke
config-adapter-no-stream = dieses `framing` gehört zu einer Antwort in Stücken, und `stream`, das sie lesen würde, fehlt
config-adapter-no-end = weder `finish_reason` noch `done` ist da: eine abgerissene Antwort wäre von einer ganzen nicht zu unterscheiden
config-adapter-placeholder = einen Platzhalter „{ $name }“ gibt es nicht
config-adapter-placeholders = Pfade und Kopfzeilen dürfen key, model und user in doppelten geschweiften Klammern enthalten

config-jq = jq: { $reason }
config-jq-expected = erwartet war { $expected }, gefunden „{ $found }“
config-jq-ended = erwartet war { $expected }, gefunden das Ende des Ausdrucks
config-jq-undefined = { $kind } „{ $name }“ gibt es nicht
config-jq-endless = „{ $name }“ kann ohne Ende weiterlaufen und ist hier nicht erlaubt
config-jq-recursive = „{ $name }“ ruft sich selbst und könnte das ohne Ende tun
config-jq-many = er ergibt mehr als { $most } Werte
config-jq-long = ein Ausdruck ist länger als { $most } Bytes
config-jq-deep = Klammern sind tiefer als { $most } geschachtelt
config-jq-nested = Terme sind tiefer als { $most } geschachtelt
config-jq-unreadable = er ist nicht zu lesen

config-cannot-read = { $file } ist nicht zu lesen: { $reason }
config-file-missing = diese Datei gibt es nicht
config-file-large = sie ist größer als 4 MiB
config-file-encoding = sie ist nicht in UTF-8
config-include-cycle = { $file } bindet die Datei ein, die es einbindet
config-include-many = mehr als 64 Dateien werden eingebunden
config-env-line = { $file }: Eintrag { $number } ist nicht NAME=Wert

config-severity-error = Fehler
config-severity-warning = Warnung
config-severity-not-used = Hinweis

config-check-summary = { $file }: { $errors ->
        [0] gültig
        [one] 1 Fehler
       *[other] { $errors } Fehler
    }, { $warnings ->
        [0] keine Warnungen
        [one] 1 Warnung
       *[other] { $warnings } Warnungen
    }, { $unused ->
        [0] jeder Schlüssel benutzt
        [one] 1 Schlüssel nicht benutzt
       *[other] { $unused } Schlüssel nicht benutzt
    }
config-check-builtin = { $file } gibt es nicht; die eingebaute Konfiguration ist gültig
config-none-yet = diese Datei gibt es noch nicht; „loquat config init“ schreibt eine
config-init-exists = { $file } ist schon da; --force ersetzt sie
config-init-done = { $file } geschrieben
config-init-failed = { $file } lässt sich nicht schreiben: { $reason }

### keys: Schlüssel, und wo sie liegen.

keys-index-exposed = { $file } enthält Schlüssel, und andere können sie lesen; sie wird nicht benutzt
keys-index-exposed-step = chmod 600 { $file }, und die Schlüssel darin als bekannt betrachten
keys-index-unreadable = die Schlüssel in { $file } sind nicht zu lesen: { $reason }
keys-index-unwritable = die Schlüssel lassen sich nicht in { $file } schreiben: { $reason }
keys-index-form = was bei { $place } steht, gehört nicht in eine Schlüsseldatei
keys-index-newer = sie stammt von einer neueren Version

keys-ring-none = es gibt keinen Schlüsselbund
keys-ring-forgets = er gibt nicht zurück, was er bekam
keys-ring-silent = er antwortete nicht binnen { $seconds } Sekunden
keys-ring-refused = der Schlüsselbund ist von hier aus nicht zu benutzen: { $reason }
keys-ring-refused-step = mit --store file liegt der Schlüssel in einer Datei, die sonst niemand lesen kann

keys-missing = { $endpoint } braucht einen Schlüssel, und mit der Bezeichnung „{ $label }“ gibt es keinen
keys-set-step = loquat keys set "{ $endpoint }" --label { $label }
keys-set-or-variable = { $variable } setzen, oder einen Schlüssel speichern: loquat keys set "{ $endpoint }"
keys-no-label = { $endpoint } hat keinen Schlüssel mit der Bezeichnung „{ $label }“
keys-no-label-but = { $endpoint } hat keinen Schlüssel mit der Bezeichnung „{ $label }“; es gibt { $known }
keys-expired = der Schlüssel „{ $label }“ von { $endpoint } ist seit { $since } abgelaufen
keys-no-base = { $endpoint } verlangt eine Basis-URL, und es ist keine gespeichert
keys-no-base-step = loquat keys set "{ $endpoint }" --label { $label } --base-url https://…
keys-secret-lost = der Schlüssel „{ $label }“ von { $endpoint } war gespeichert, und sein Ablageort hat ihn nicht mehr
keys-out-of-reach = der Schlüssel „{ $label }“ von { $endpoint } liegt im Schlüsselbund des Desktops, der von hier nicht zu erreichen ist: { $reason }
keys-store-in-file = den Schlüsselbund aufschließen, oder den Schlüssel in einer Datei ablegen: loquat keys set "{ $endpoint }" --label { $label } --store file

keys-command-empty = { $setting } nennt kein Programm
keys-command-start = { $program } aus { $setting } lässt sich nicht starten: { $reason }
keys-command-failed = { $program } aus { $setting } endete mit { $code }
keys-command-slow = { $program } aus { $setting } endete nicht binnen { $seconds } Sekunden
keys-command-nothing = { $program } aus { $setting } gab keinen Schlüssel aus
keys-command-step = { $program } von Hand mit den Argumenten aus { $setting } ausführen und sehen, was es sagt

keys-aws-missing = { $endpoint } braucht AWS-Schlüssel, und es gibt keine: keine Variable BEDROCK_AWS_… oder AWS_… enthält einen, und in { $files } fehlt das Profil „default“
keys-aws-missing-step = BEDROCK_AWS_BEARER_TOKEN setzen, oder AWS_ACCESS_KEY_ID und AWS_SECRET_ACCESS_KEY, oder einen Schlüssel speichern: loquat keys set "{ $endpoint }"; Instanz-Metadaten werden in dieser Fassung nicht gefragt, ein Profil mit credential_process hilft stattdessen
keys-aws-half = { $endpoint }: { $set } ist gesetzt, { $unset } nicht
keys-aws-half-step = beide setzen, oder keine
keys-aws-no-profile = { $endpoint }: ein AWS-Profil „{ $profile }“ gibt es in { $files } nicht
keys-aws-no-profile-step = { $variable } nennt es; „aws configure list-profiles“ zählt die vorhandenen auf
keys-aws-empty-profile = { $endpoint }: das AWS-Profil „{ $profile }“ enthält keine Schlüssel
keys-aws-empty-profile-step = ihm aws_access_key_id und aws_secret_access_key geben, oder einen credential_process
keys-aws-unsupported = { $endpoint }: das AWS-Profil „{ $profile }“ bekommt seine Schlüssel über { $key }, was diese Fassung nicht kann
keys-aws-unsupported-step = das AWS-Programm machen lassen: in einem eigenen Profil credential_process = aws configure export-credentials --profile { $profile }, und jenes in BEDROCK_AWS_PROFILE nennen
keys-aws-unreadable = { $file } ist nicht zu lesen: { $reason }
keys-aws-no-json = der credential_process des AWS-Profils „{ $profile }“ gab AccessKeyId und SecretAccessKey nicht als JSON aus
keys-aws-no-region = { $endpoint }: keine AWS-Region ist gesetzt
keys-aws-no-region-step = BEDROCK_AWS_DEFAULT_REGION oder AWS_REGION setzen, oder eine Region in das AWS-Profil schreiben

keys-prompt = Schlüssel „{ $label }“ für { $endpoint } (wird nicht gezeigt):
keys-cannot-read = der Schlüssel ist nicht zu lesen: { $reason }
keys-empty = in der ersten Zeile steht kein Schlüssel; nichts wurde gespeichert
keys-not-a-key = ein Schlüssel, der kein JSON-Objekt ist, enthält weder Leerzeichen noch Steuerzeichen; nichts wurde gespeichert
keys-bad-label = eine Bezeichnung ist eine Zeile Text
keys-bad-expiry = --expires nimmt eines von { $choices }
keys-base-wanted = { $endpoint } verlangt eine Basis-URL: --base-url https://… hinzufügen
keys-base-unwanted = { $endpoint } hat seine Basis-URL in der Konfiguration; --base-url ist für Endpunkte, die danach fragen
keys-base-bad = --base-url nimmt eine URL, die mit https:// oder http:// beginnt
keys-kept-keyring = Schlüssel „{ $label }“ von { $endpoint } im Schlüsselbund des Systems gespeichert
keys-kept-file = Schlüssel „{ $label }“ von { $endpoint } in { $file } gespeichert, die sonst niemand lesen kann
keys-none = noch keine Schlüssel; „loquat keys set ENDPUNKT“ speichert einen
keys-column-endpoint = Endpunkt
keys-column-label = Bezeichnung
keys-column-state = Stand
keys-column-from = Woher
keys-column-expires = Läuft ab
keys-not-stored = kein Schlüssel „{ $label }“ von { $endpoint } ist gespeichert
keys-removed = Schlüssel „{ $label }“ von { $endpoint } vergessen
keys-works = der Schlüssel „{ $label }“ von { $endpoint } gilt: { $models ->
        [one] 1 Modell
       *[other] { $models } Modelle
    }
keys-no-endpoint = einen Endpunkt „{ $endpoint }“ gibt es nicht
keys-no-endpoint-step = „loquat endpoints“ zählt die vorhandenen auf

### net: Anfragen, Antworten und was dazwischen geschieht.

net-bad-url = { $endpoint }: baseURL "{ $url }" ist keine URL ({ $at }).
net-step-bad-url = Ganz ausschreiben, wie in https://api.example.com/v1.
net-insecure = { $endpoint }: ein Schlüssel oder eine Eingabe ginge unverschlüsselt an { $host } ({ $at }).
net-step-insecure = https benutzen, oder bei diesem Endpunkt allowInsecure: true setzen, wenn das Netz dazwischen das eigene ist.
net-unset-variable = { $endpoint }: die Variable { $name } ist nicht gesetzt ({ $at }).
net-step-unset-variable = { $name } in der Umgebung setzen, oder in der Datei, die envFile nennt.
net-bad-header = { $endpoint }: die Kopfzeile { $name } hat einen Namen oder Wert, den HTTP nicht erlaubt ({ $at }).
net-bad-key = { $endpoint }: der Schlüssel enthält Zeichen, die kein Schlüssel hat, vielleicht ein Zeilenende.
net-cannot-send = { $endpoint } lässt sich { $what } nicht senden: es nimmt angehängte Bilder und sonst nichts.
net-step-cannot-send = Als Bild anhängen, oder einen anderen Endpunkt wählen.
net-aws-key = { $endpoint }: der Schlüssel ist JSON ohne accessKeyId und secretAccessKey.
net-aws-region = { $endpoint } bietet die Region { $region } nicht an; es gibt { $offered }.
net-aws-media = { $endpoint } lässt sich { $what } nicht senden: Bedrock nimmt Bilder und Dokumente, die es kennt, und nur angehängt oder aus S3.
net-step-aws-media = Als PNG, JPEG, GIF oder WebP anhängen, oder als PDF, Text, HTML oder Bürodokument.
net-bad-proxy = Der Proxy ist keine URL, die sich benutzen lässt.
net-step-bad-proxy = Als http://rechner:port oder socks5://rechner:port schreiben.
net-ca-file = caFile { $path } ist nicht zu benutzen: { $reason }.
net-ca-file-empty = sie enthält kein Zertifikat
net-step-ca-file = Es muss eine PEM-Datei mit mindestens einem Zertifikat sein.
net-adapter-undeclared = { $endpoint } hat keinen Block adapter.
net-adapter-one-body = er muss genau einen Wert ergeben, den Inhalt der Anfrage
net-adapter-failed = { $endpoint }: { $selector } ({ $at }): { $reason }; die Eingabe war { $input }
net-adapter-broken = { $endpoint }: { $selector } ({ $at }): { $reason }
net-adapter-nothing = er ergab nichts
net-adapter-not-text = er ergab { $kind }, wo ein Text nötig ist
net-adapter-not-count = er ergab { $kind }, wo eine Zahl von Token nötig ist
net-adapter-not-call = er ergab { $kind }, wo ein Werkzeugaufruf nötig ist
net-adapter-kind-null = null
net-adapter-kind-bool = einen Wahrheitswert
net-adapter-kind-number = eine Zahl
net-adapter-kind-text = einen Text
net-adapter-kind-list = eine Liste
net-adapter-kind-object = ein Objekt
net-step-adapter = Jenen Ausdruck berichtigen; was der Dienst sagt, zeigt: loquat endpoints test "{ $endpoint }"

net-connect-timeout = Keine Verbindung zu { $host } binnen { $limit } s.
net-first-byte-timeout = { $host } begann binnen { $limit } s nicht zu antworten.
net-idle-timeout = { $host } verstummte mitten in der Antwort für { $limit } s.
net-step-timeout = Noch einmal versuchen, oder dem Endpunkt längere timeouts geben.
net-tls = Keine sichere Verbindung zu { $host }: { $reason }.
net-tls-unknown-issuer = sein Zertifikat hat jemand unterschrieben, dem dieser Rechner nicht traut
net-tls-expired = sein Zertifikat ist abgelaufen
net-tls-wrong-name = sein Zertifikat gilt für einen anderen Namen
net-tls-self-signed = sein Zertifikat hat sich selbst unterschrieben
net-tls-plain = was antwortet, spricht kein TLS
net-step-tls-plain = Rechner und Port der baseURL prüfen; ein eigener Server ist vielleicht einer für http://.
net-step-tls = Ist das Zertifikat das der Firma, mit caFile nennen; sonst hört womöglich jemand mit.
net-dns = Der Rechner { $host } ist nicht bekannt (DNS).
net-step-dns = Die Schreibweise der baseURL und das Netz prüfen.
net-refused = { $host } nimmt keine Verbindungen an.
net-reset = { $host } schloss die Verbindung, ehe die Antwort vollständig war.
net-unreachable = In diesem Netz führt kein Weg zu { $host }.
net-other = Die Anfrage an { $host } scheiterte: { $reason }.
net-step-proxy = Anfragen dorthin gehen durch den Proxy { $proxy }: auch ihn prüfen.
net-step-start-server = Läuft der Server, der auf { $host } lauschen soll?
net-step-network = Das Netz und die baseURL prüfen.
net-docker-host = { $host } ist hier nicht bekannt; 127.0.0.1 wird stattdessen benutzt.

net-finish-error = Der Anbieter beendete die Antwort mit einem Fehler ({ $reason }).
net-prompt-blocked = { $reason ->
    [SAFETY] Der Sicherheitsfilter des Anbieters ließ die Eingabe nicht durch.
    [BLOCKLIST] Die Eingabe enthält ein Wort von der Sperrliste des Anbieters.
    [PROHIBITED_CONTENT] Die Eingabe enthält, was der Anbieter verbietet.
    [IMAGE_SAFETY] Der Sicherheitsfilter des Anbieters ließ ein Bild der Eingabe nicht durch.
    [MODEL_ARMOR] Model Armor des Anbieters ließ die Eingabe nicht durch.
    [JAILBREAK] Der Anbieter hielt die Eingabe für einen Ausbruchsversuch.
   *[other] Der Anbieter ließ die Eingabe nicht durch ({ $reason }).
  }
net-empty-body = HTTP { $status } ohne ein Wort
net-html = HTTP { $status }: eine HTML-Seite statt einer Antwort
net-html-titled = HTTP { $status }: eine HTML-Seite statt einer Antwort ({ $title })
net-not-understood = HTTP { $status }: keine Antwort dieses Formats: { $text }
net-redirect = HTTP { $status }: umgeleitet nach { $location }, dem wird nicht gefolgt
net-event-too-long = Die Antwort enthält ein Ereignis, länger als alles Vernünftige; das Lesen wurde beendet.
net-frame-damaged = Die Antwort wurde unterwegs beschädigt: eine Prüfsumme stimmt nicht. Das Lesen wurde beendet.
net-cut = Die Antwort hörte vor ihrem Ende auf.
net-step-cut = Was kam, bleibt; von dort fortsetzen, oder noch einmal fragen.
net-paused-too-often = Der Anbieter unterbrach seine Antwort immer wieder; nach { $count } Malen wurde er nicht gebeten fortzufahren.
net-no-content = Die Antwort endete vor jedem Inhalt.
net-step-again = Noch einmal versuchen; bleibt es so, ins Protokoll des Servers sehen.
net-step-auth = Ihm einen anderen Schlüssel geben: loquat keys set "{ $endpoint }" --label { $label }
net-step-model = Sehen, was es gibt: loquat models -e "{ $endpoint }" --key { $label }
net-step-rate-limit = Eine Weile warten, oder einen anderen Schlüssel oder Endpunkt wählen; ist ein Kontingent verbraucht, hilft nur, wem es gehört.
net-step-later = { $route } kann in { $seconds } s wieder gefragt werden; ein anderes Modell fragen, oder ihr mehr Zeit geben.
net-no-room = { $route } hat nichts mehr von dem, was ihr erlaubt ist.
net-no-route = Keine Route ist mehr zu fragen.
net-no-seat = Eine Route wurde gefragt, ehe ihr Schlüssel bekannt war.
net-key-was-refused = { $endpoint } hat den Schlüssel „{ $label }“ schon abgelehnt, und er ist noch derselbe.
net-alias-leads-nowhere = Der Alias „{ $name }“ ({ $at }) hat keine Route zu einem Endpunkt, den es gibt.
net-step-context = In einem kürzeren Zweig weitermachen, oder ein Modell mit größerem Kontextfenster wählen.
net-step-filter = Es anders sagen, oder ein anderes Modell wählen.
net-step-provider-down = Es liegt am Anbieter: später versuchen oder einen anderen Endpunkt wählen.
net-step-inference-profile = Dieses Modell gibt es nur über ein Inferenzprofil: dessen Kennung benutzen, etwa us. oder eu. vor der des Modells, oder eines unter inferenceProfiles nennen.
net-step-aws-expired = Die AWS-Sitzung ist vorbei: neu anmelden (aws sso login), oder neue Schlüssel geben.
net-step-aws-clock = AWS nimmt keine Unterschrift, die um Minuten falsch geht: die Uhr dieses Rechners prüfen.
net-step-aws-access = In der Bedrock-Konsole dieser Region Zugang zum Modell beantragen, oder ein anderes Modell oder eine andere Region wählen.
net-step-base-url = Die baseURL von { $endpoint } prüfen.
net-step-health = paths.health ansehen, und was der Dienst sagt: loquat endpoints test "{ $endpoint }" --no-chat
net-step-no-list = Die baseURL von { $endpoint } prüfen; hat der Dienst keine Liste, seine Modelle nennen: models: {"{"}default: […], fetch: false{"}"}

net-list-timeout = { $host } gab binnen { $limit } s keine Modellliste.
net-list-empty = { $endpoint } nennt für diesen Schlüssel keine Modelle.
net-step-list-timeout = Noch einmal versuchen; fragen geht vielleicht trotzdem, darauf wird länger gewartet.
net-step-list-empty = Nachfragen, von wem der Schlüssel kam, oder die Modelle nennen: models: {"{"}default: […], fetch: false{"}"}

net-no-such-key = Kein Endpunkt hat einen Schlüssel mit der Bezeichnung { $label }.
net-list-failed = { $endpoint } ({ $key }): { $reason }
net-lists-unused = { $count ->
    [one] 1 Endpunkt hat hier keinen Schlüssel oder Server; -v nennt ihn
   *[other] { $count } Endpunkte haben hier keinen Schlüssel oder Server; -v nennt sie
 }
net-column-endpoint = Endpunkt
net-column-key = Schlüssel
net-column-model = Modell
net-column-source = Woher
net-column-context = Kontext
net-column-price-in = EUR/M ein
net-column-price-out = EUR/M aus
net-column-abilities = kann
net-column-format = Format
net-column-state = Stand
net-column-models = Modelle
net-column-url = URL
net-source-live = aktuell
net-source-cache = { $age } alt
net-source-config = konfiguriert
net-source-builtin = eingebaut
net-models-aged = { $count } ({ $age } alt)
net-state-ready = bereit
net-state-needs-key = braucht einen Schlüssel
net-state-unset = { $name } ist nicht gesetzt
net-state-expired = Schlüssel abgelaufen { $at }

net-test-plain = verbunden, ohne TLS
net-test-tls = verbunden, { $version }, dem Zertifikat wird getraut
net-test-in-process = antwortet aus diesem Programm
net-test-proxy = das tut ein Proxy
net-test-unreached = der Rechner ist nicht bekannt
net-test-no-key = kein Schlüssel nötig
net-test-key-keyring = Schlüssel { $label }, aus dem Schlüsselbund
net-test-key-file = Schlüssel { $label }, aus der Schlüsseldatei
net-test-key-command = Schlüssel { $label }, von seinem Befehl
net-test-key-environment = Schlüssel { $label }, aus der Umgebung
net-test-key-profile = Schlüssel { $label }, aus einem Profil der AWS-Dateien
net-test-key-config = Schlüssel { $label }, aus der Konfiguration
net-test-no-health = danach wird hier nicht gefragt
net-test-up = läuft
net-test-not-fetched = { $endpoint } ist mit { $count ->
    [one] einem Modell
   *[other] { $count } Modellen
  } konfiguriert und holt keine; der Schlüssel wurde nicht versucht.
net-test-configured = { $count ->
    [one] ein Modell ist
   *[other] { $count } Modelle sind
  } konfiguriert, keines wird geholt
net-test-models = { $count ->
    [one] ein Modell
   *[other] { $count } Modelle
  }: { $models }
net-test-no-chat = weggelassen (--no-chat)
net-test-refused = weggelassen: der Schlüssel ist abgelehnt
net-test-no-model = weggelassen: kein Modell ist bekannt; mit --model eines nennen
net-test-always-streams = weggelassen: `response` fehlt, jede Antwort kommt in Stücken
net-test-never-streams = weggelassen: `stream` fehlt, jede Antwort kommt ganz
net-test-not-kept = nicht in der Datei
net-test-paid = { $step }: fragt { $model } nach höchstens { $most } Token, was etwas kosten kann (--no-chat lässt es weg)
net-test-late = Keine ganze Antwort binnen { $limit } s.
net-test-answer = Text „{ $text }“ · Überlegungen { $reasoning ->
    [0] keine
    [one] 1 Zeichen
   *[other] { $reasoning } Zeichen
  } · Werkzeugaufrufe { $calls } · Ende { $finish } · Token { $tokens_in } ein, { $tokens_out } aus · geantwortet hat { $model }
net-record-written = Was hin und her ging, steht in { $file }, ohne Geheimnisse; vor dem Weitergeben lesen.
net-record-exists = { $file } ist schon da; für --record eine andere Datei nennen.
net-record-unwritten = { $file } lässt sich nicht schreiben: { $reason }
net-record-unreadable = { $file } ist nicht, was --record schreibt: { $reason }
net-record-shape = ihre Form ist { $shape }, und diese Fassung kennt 1

### store: Gespeichertes, Listen und der Verbrauch auf der Befehlszeile.

store-left-behind = Loquat endete, während diese Antwort kam (bemerkt { $noticed }). Was gekommen war, ist da.

store-role-user = Frage
store-role-assistant = Antwort
store-status-streaming = wird noch geschrieben
store-status-cut = abgerissen
store-status-cancelled = angehalten
store-status-failed = gescheitert

store-export-branch = Zweig { $position } von { $count } { $at }
store-export-start = von Anfang an
store-export-after = nach Nachricht { $id }
store-export-reasoning = Überlegungen
store-summary = Zusammenfassung des Obigen bis zur Nachricht { $id }, von { $model }

store-error-sqlite = Die Datenbank konnte nicht benutzt werden: { $error }
store-error-unopened = Die Datenbank { $path } konnte nicht geöffnet werden: { $error }
store-sqlite-code = { $error } (SQLite-Code { $code })
store-error-file = { $path }: { $error }
store-error-newer = Die Datenbank stammt von einem neueren Loquat (Version { $found }, dieses kennt { $known }). Sie wurde nicht angerührt. Das neuere Loquat verwenden, oder ein anderes LOQUAT_DATA_DIR.
store-error-not-found = Nichts hat die Kennung „{ $id }“. `loquat list` zeigt Unterhaltungen, `loquat tree ID` ihre Nachrichten.
store-error-taken = Eine Nachricht mit der Kennung { $id } ist in einer anderen Unterhaltung oder im Papierkorb.
store-error-ambiguous =
    { $count } Kennungen beginnen mit „{ $prefix }“. Mehr davon angeben:
    { $candidates }
store-error-gone = Die Datenbank ist nicht offen; den Grund sagte Loquat beim Start.

store-column-id = Kennung
store-column-updated = Geändert
store-column-deleted = Gelöscht
store-column-messages = Nachr.
store-column-branches = Zw.
store-column-price = EUR
store-column-title = Titel
store-column-requests = Anfragen
store-column-errors = Fehler
store-column-tokens-in = Ein
store-column-tokens-out = Aus
store-column-latency = p50
store-column-energy = Energie
store-column-carbon = CO2e
store-column-day = Tag
store-column-week = Woche
store-column-model = Modell
store-column-endpoint = Endpunkt
store-column-key = Schlüssel
store-column-conversation = Unterhaltung
store-column-branch = Zweig
store-column-user = Person
store-column-shown = Gezeigt
store-column-won = Gewählt
store-column-budget = Budget
store-column-spent = Ausgegeben
store-column-soft = Weich
store-column-hard = Hart
store-column-renews = Neu ab
store-column-standing = Stand
store-column-share = Anteil
store-column-mode = Zweck

store-list-empty = Noch keine Unterhaltungen.
store-list-none = Keine Unterhaltung passt.
store-search-empty = Nichts gefunden.
store-rm-done = { $id } ist im Papierkorb. Zurück: loquat trash restore { $undo }
store-trash-empty = Der Papierkorb ist leer.
store-trash-restored = Zurück in { $id } ({ $messages } Nachrichten): { $title }
store-trash-emptied = Endgültig entfernt: { $count }
store-trash-traces = Ein anderes Loquat benutzt die Datenbank gerade, darum können Spuren davon in ihren Dateien bleiben. Später noch einmal ausführen.
store-backup-done = Die Datenbank wurde nach { $path } kopiert.
store-export-exists = { $path } ist schon da; --force ersetzt es
store-export-done = Unterhaltungen in { $path } geschrieben: { $count }

store-wins-none = Noch wurde nichts blind gewählt. ^T beim Auffächern verbirgt, wer antwortet, bis eine Antwort gewählt ist.
store-usage-total = Summe
store-usage-unnamed = (ohne)
store-usage-skipped = Zeilen des Protokolls, die nicht zu lesen waren und übergangen wurden: { $count }
store-usage-unpriced = Anfragen mit Token und ohne bekannten Preis: { $count }. Sie sind nicht in den Summen.
store-usage-footprint = Energie und CO2e sind geschätzt, vom Mindesten zum Meisten: { $source }, Parameter vom { $date }
store-usage-footprint-unknown = Anfragen an Modelle ohne Schätzung: { $count }. Was sie brauchten, ist nicht in den Summen.
store-usage-not-a-day = „{ $text }“ ist kein Tag. Als JJJJ-MM-TT schreiben.
store-usage-branch = --by branch gilt für eine Unterhaltung: mit --conversation nennen.
store-usage-whole = { $lines ->
    [one] Eine Zeile
   *[other] { $lines } Zeilen
  } in { $files ->
    [one] einem Monat
   *[other] { $files } Monaten
  }, alle heil.
store-usage-damaged = { $damaged ->
    [one] Eine Stelle ist beschädigt
   *[other] { $damaged } Stellen sind beschädigt
  }: { $lines } Zeilen, { $files } Monate. Was kein Ereignis ist, zählt nicht; der Rest zählt.
store-damage-no-event = kein Ereignis: { $reason }
store-damage-torn = am Ende fehlt der Zeilenumbruch: die Zeile wurde nicht zu Ende geschrieben, und das nächste Ereignis beginnt eine eigene
store-damage-month = von { $month }, und zählt für diesen Monat nur, wo auch diese Datei gelesen wird
store-damage-again = ein Ereignis mit der Kennung { $id } steht davor, und beide zählen
store-damage-unreadable = ab hier nicht zu lesen: { $reason }
store-import-refused = { $path } wurde nicht übernommen: { $count ->
    [one] eine Zeile ist nicht zu lesen
   *[other] { $count } Zeilen sind nicht zu lesen
}
store-import-taken = { $taken ->
    [one] eine Zeile wurde übernommen
   *[other] { $taken } Zeilen wurden übernommen
}, { $known } waren schon da
store-import-no-sink = Sie gehen an keine Senke: wer von einer Ereignisse bekommt, kennt nur Anfragen, die hier gestellt wurden.
store-import-unpriced = Zeilen ohne bekannten Preis: { $count }. Sie sind nicht in den Summen.
store-archive-off = Jeder Monat bleibt, wie er ist: in der Konfiguration fehlt telemetry.retention.
store-archive-nothing = Kein Monat ist so alt.
store-archive-waits = { $month } bleibt, bis die Senke „{ $sink }“ alles davon hat: loquat telemetry flush
store-archive-now = { $month } ist jetzt { $path }
store-archive-deleted = { $month } ist gelöscht
store-usage-backwards = Der erste Tag, { $from }, liegt nach dem letzten, { $to }.
store-sink-slow = nicht binnen { $seconds } s geliefert
store-sink-left = keine Antwort, bevor Loquat endete
store-sink-status = der Sammler antwortet { $status }: { $said }
store-sink-partly = nicht alle Spans wurden angenommen: { $said }
store-sink-clear = an { $url } ({ $at }) ginge es unverschlüsselt: https benutzen oder `allowInsecure: true` angeben
store-sink-header = die Kopfzeile { $name } ({ $at }) lässt sich nicht senden: ihr Name oder Wert enthält, was keine darf
store-sink-url = die URL des Ziels ({ $at }) ist keine für http oder https
store-sink-start = { $program } lässt sich nicht ausführen: { $error }
store-sink-failed = { $program } endete mit { $status }
store-error-empty = Es gibt noch keine Unterhaltung.

### turns: was eine Frage mit ihrer Antwort selbst sagt.

turns-unknown-endpoint = einen Endpunkt „{ $name }“ gibt es nicht
turns-unknown-alias = einen Alias „{ $name }“ gibt es nicht
turns-aliases-are = Aliase aus router.models: { $names }
turns-step-onward = Was kam, bleibt; { $route } kann damit weitermachen.
turns-budget-spent = Budget { $budget }; es beginnt neu am { $renews }
turns-budget-next = bis dahin warten, `hard` dieses Budgets in der Konfiguration erhöhen, oder trotzdem senden: --over-budget, in der App nach einer Frage
turns-budget-unreadable = was ausgegeben wurde, ist nicht lesbar, darum lässt sich kein Budget prüfen: { $path }: { $error }
turns-budget-unreadable-next = das Protokoll lesbar machen (loquat usage verify), oder trotzdem senden: --over-budget
turns-budget-stands = { $name }: { $percent } %, { $spent } von { $limit } { $period }
turns-budget-name = „{ $name }“
turns-budget-of = „{ $name }“ für { $of }
turns-budget-unkept = nicht Gespeichertes
turns-budget-day = heute
turns-budget-week = diese Woche
turns-budget-month = diesen Monat
turns-budget-reserved = { $amount } unterwegs
turns-budget-unpriced = { $count ->
    [one] 1 Anfrage ohne bekannten Preis nicht gezählt
   *[other] { $count } Anfragen ohne bekannten Preis nicht gezählt
}
turns-not-stored = die Nachricht konnte nicht gespeichert werden und wurde darum nicht gesendet: { $error }
turns-not-stored-next = im Datenordner Platz schaffen oder ihn reparieren; eine einzelne Frage mit --no-save geht auch so
turns-deadline = die Zeit ist um
turns-deadline-after = die Zeit war um, ehe ein weiterer Versuch gelingen konnte; der letzte sagte: { $reason }
turns-deadline-next = was kam, bleibt; mehr Zeit gibt --timeout oder timeouts.total des Endpunkts
turns-no-editor = kein Editor ist genannt: VISUAL oder EDITOR setzen
turns-editor-failed = { $editor } konnte nicht gestartet werden: { $error }
turns-editor-ended = der Editor gab auf ({ $status }); der Entwurf ist, wie er war
turns-filtered = ein Inhaltsfilter hat die Antwort beendet

### ui: was auf den Flächen steht.

ui-theme-unknown = ein Farbschema „{ $name }“ gibt es nicht
ui-theme-names = die Farbschemata: { $names }
ui-theme-unread = dieses Farbschema ist nicht zu lesen: { $reason }
ui-theme-long = es ist länger, als ein Farbschema je ist
ui-theme-palette = das ist keine Farbe: „{ $text }“
ui-theme-color = „{ $text }“ ist weder eine Farbe der Palette noch eine des Terminals noch ein Zusatz
ui-theme-colors = eine Farbe ist "#rrggbb", ein Name der Palette, default, oder eine der 16 des Terminals (red, bright-red …)
ui-theme-empty = hier steht kein Stil
ui-theme-quote = Farben in Anführungszeichen setzen: ohne sie beginnt „#“ einen Kommentar
ui-theme-role = „{ $name }“ ist keine Rolle
ui-theme-roles = die Rollen: { $names }
ui-theme-for = „{ $text }“ ist keine Art von Hintergrund: dark oder light
ui-theme-nested = „{ $key }“ nimmt einen Stil und nichts darunter
ui-theme-missing = Farben dieses Schemas fehlen: { $names }
ui-too-small = zu klein: { $width }x{ $height }, nötig sind 40x12
ui-lanes-count = { $count ->
    [one] { $count } Bahn
   *[other] { $count } Bahnen
}
ui-lanes-hint = { $all } eine oder alle · { $promote } übernehmen
ui-lanes-hint-blind = blind · { $promote } wählt und zeigt die Namen
ui-lane-speed = { $tokens } t/s
ui-lane-first = { $seconds } s
ui-lane-cut = ✂ abgerissen
ui-lane-stopped = ■ angehalten
ui-lane-failed = ✗ gescheitert
ui-hint-held = ^X > andere Route  ^X ! jetzt fragen  ^C Halt
ui-loading = wird gelesen…
ui-empty-title = loquat
ui-empty-send = sendet das Geschriebene an { $model }
ui-empty-unfinished = „{ $title }“ fortsetzen, deren Antwort abriss
ui-empty-endpoint = Endpunkt wählen
ui-empty-model = Modell wählen
ui-empty-palette = alle Befehle
ui-empty-help = Hilfe
ui-hint-composer = Enter senden  ^J neue Zeile  ^P Befehle  F1 Hilfe
ui-hint-narrow = Enter senden  F1 Hilfe
ui-hint-live = ^C Halt  Tab Verlauf  F1 Hilfe
ui-hint-edit = Enter sendet die Änderung  der alte Zweig bleibt  Esc zurück
ui-hint-revise = Enter ändert die Nachricht  nichts wird gesendet  Esc zurück
ui-hint-lane = Enter geht in dieser Bahn weiter  Alt+T Bahnen  Esc zurück
ui-hint-lanes = h l Bahnen  p übernehmen  s Halt  S alle  o daneben  Enter schreiben  Esc zurück
ui-hint-transcript = h l Geschwister  e ändern  r erneut  y kopieren  / suchen  Esc zurück
ui-find-none = nichts gefunden  Esc zurück
ui-find-typing = { $at }/{ $all }  Enter behalten  ↓ ↑ gehen  Esc zurück
ui-find = { $at }/{ $all }  n nächste  N vorige  Esc fertig
ui-find-narrow = { $at }/{ $all }

ui-form-key = Schlüssel für { $endpoint }
ui-form-key-foot = Enter speichern · Tab weiter · ‹ › wählen · Esc abbrechen
ui-form-rename = Titel
ui-form-preset = Voreinstellung
ui-form-tags = Schlagwörter
ui-form-prompt = Vorlage
ui-form-prompt-foot = Enter setzt sie in die Eingabe · Tab weiter · Esc zurück
ui-form-set = eine Gruppe von Modellen
ui-form-save = in eine Datei schreiben
ui-form-pipe = einem Befehl geben
ui-form-dates = Tage
ui-form-label = Beschriftung der Nachricht
ui-form-settings = Einstellungen dieser Unterhaltung
ui-form-foot = Enter speichern · Tab weiter · Esc abbrechen
ui-confirm = löschen
ui-confirm-foot = Enter löschen · Esc behalten
ui-confirm-message = { $count ->
    [one] Diese Nachricht in den Papierkorb legen?
   *[other] Diese Nachricht und alles darunter ({ $count } Nachrichten) in den Papierkorb legen?
 }
ui-confirm-over-budget = Trotzdem senden? Es wurde abgelehnt: { $reason }
ui-confirm-preset = Die Voreinstellung „{ $name }“ entfernen?
ui-confirm-empty-trash = Alles im Papierkorb endgültig entfernen?
ui-confirm-conversation = „{ $title }“ in den Papierkorb legen?

ui-palette = Befehle
ui-palette-foot = Enter ausführen · Esc schließen
ui-palette-none = So etwas geht gerade nicht: F1 zeigt jeden Befehl
ui-models = Modell
ui-models-foot = Enter wählen · Alt+P nach Preis · ^F Stern · ^R neu holen · ^K Schlüssel · Tab Endpunkte
ui-fan-out = Auffächern · { $count } markiert · „{ $question }“
ui-fan-out-blind = Auffächern · { $count } markiert, blind · „{ $question }“
ui-fan-out-foot = Leertaste markieren · ← → wie oft · ^T blind · ^G Gruppe behalten · ^D vergessen · Enter senden
ui-fit = zu lang (Schätzung)
ui-fit-refused = als zu lang abgelehnt
ui-fit-note = ≈ { $weight } von { $window }
ui-fit-note-unknown = ≈ { $weight } Token
ui-fit-foot = Enter oder eine Zahl wählt · Esc zurück
ui-summariser = eine Zusammenfassung, geschrieben von
ui-summariser-foot = Enter schreiben lassen · Esc zurück
ui-bring = der verlassene Zweig, zusammengefasst von
ui-summary = Zusammenfassung
ui-summary-doing = { $model } schreibt eine Zusammenfassung von { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 } · bisher { $words ->
    [one] 1 Wort
   *[other] { $words } Wörter
 }
ui-summary-foot = Esc hält sie an
ui-ghost-pick = Geisterlauf: diesen Zweig noch einmal fragen von
ui-ghost-foot = Enter beginnen · Esc schließen
ui-models-none = Kein Modell: Tab führt zu den Endpunkten, ^R holt die Listen
ui-endpoints = Endpunkt
ui-endpoints-foot = Enter wählen · ^K Schlüssel · ^D Schlüssel vergessen · ^R neu holen · Tab Modelle
ui-endpoints-none = Kein solcher Endpunkt
ui-conversations = Unterhaltungen
ui-conversations-foot = Tab Text · ^F anheften · ^O Fenster · ^W Wort · ^E Name · ^Y Archiv ^V · ^D weg
ui-conversations-none = Noch nichts gespeichert: Gesendetes wird hier aufgehoben
ui-archive = Archiv
ui-conversations-no-match = Kein Titel und kein #Schlagwort passt: Tab sucht in den Texten, ^U leert die Suche
ui-archive-none = Nichts im Archiv: ^Y legt eine Unterhaltung hierher und holt sie heraus
ui-presets = Voreinstellungen
ui-presets-foot = Enter wählen · ^F damit beginnen · ^E ändern · ^D entfernen · Esc schließen
ui-presets-none = Keine Voreinstellungen: ^X S macht eine aus dem jetzigen Stand
ui-trash = Papierkorb
ui-trash-foot = Enter zurückholen · ^D leeren · Esc schließen
ui-trash-none = Nichts im Papierkorb
ui-search = in allen Nachrichten suchen
ui-search-foot = Enter öffnen · Tab Titel · Esc schließen
ui-search-ask = Wörter, Wortanfänge oder eine "Wortfolge" eingeben
ui-search-none = In keinem Zweig gefunden: weniger Wörter, ihre Anfänge oder eine "Wortfolge" versuchen
ui-recall = ^R ältere  Enter nehmen  Esc zurück
ui-recall-narrow = ^R ältere  Esc zurück
ui-recall-none = keine Eingabe enthält das  Esc zurück
ui-unseen-zero-width = { $count } ohne Breite
ui-unseen-bidi = { $count } bidi
ui-unseen-tags = { $count } Tags
ui-unseen-controls = { $count } Steuerzeichen weggelassen
ui-unseen-narrow = ⚠ { $count } unsichtbar
ui-unseen-strip = { "" } ({ $keys } entfernt)
ui-history = frühere Eingaben
ui-history-none = Noch keine Eingaben
ui-themes = Farbschemata
ui-themes-foot = Enter behalten · Esc zurück
ui-themes-none = Kein Farbschema heißt so
ui-code = Code
ui-code-foot = Enter kopieren · 1,3 oder 2..5 mehrere · Esc schließen
ui-copy = Kopieren
ui-copy-foot = Enter kopieren · 1,3 oder 2..5 Codeblöcke · Esc schließen
ui-code-none = Hier ist kein Code
ui-links = Verweise
ui-links-foot = Enter öffnen · Esc schließen
ui-fork = in eine neue Unterhaltung abzweigen
ui-fork-beside = in ein neues Fenster abzweigen
ui-revisions = frühere Fassungen
ui-revisions-foot = Enter wieder so sagen · Esc schließen
ui-revisions-none = Sie hat nie etwas anderes gesagt
ui-siblings = Geschwister
ui-branches = Zweige
ui-excluded = ⊘ nicht gesendet
ui-picked = ◆ ausgewählt
ui-list-no-match = Nichts hier passt: ^U leert die Eingabe
ui-list-foot = Enter wählen · Esc schließen
ui-list-count = { $shown } von { $all }

ui-problems = Konfiguration
ui-problems-foot = Enter kopieren · Esc zu
ui-problems-none = Die Konfiguration ist in Ordnung
ui-help = Hilfe
ui-help-foot = Tab nächster Teil · PgDn · Esc zu
ui-help-none = Nichts hier enthält diese Wörter

ui-compare = Vergleich
ui-compare-text = Wörter · zu { $percent } % gleich
ui-compare-sent = was gesendet wurde; Einstellungen und Regeln von jetzt
ui-compare-foot = Tab Wörter, Gesendetes · j k blättern · Esc schließen
ui-lens = was Enter sendet
ui-lens-foot = x weglassen, zulassen · Enter dorthin gehen · Esc schließen
ui-pictures = Bilder
ui-pictures-foot = ← → blättern · Esc schließen
ui-pictures-foot-asks = Enter abrufen · ← → blättern · Esc schließen
ui-pictures-foot-here = ← → blättern · s speichern · Esc schließen
ui-pictures-loading = Das Bild wird gelesen …
ui-pictures-asks = Noch ist nichts abgerufen. Enter fragt { $host } über https nach diesem Bild, ohne jeden Schlüssel: { $url }
ui-pictures-asks-plainly = Noch ist nichts abgerufen. Enter fragt { $host } nach diesem Bild, über http, das andere unterwegs lesen können: { $url }
ui-pictures-cells = Halbblöcke
ui-pictures-cells-wrapped = Halbblöcke: was um Loquat herum läuft, reicht keine Bilder weiter
ui-pictures-cells-unmeasured = Halbblöcke: das Terminal nennt die Größe seiner Zellen nicht
ui-pictures-unable = Bilder werden hier nicht gezeigt: ui.images oder das Terminal will es so. s speichert es in eine Datei.
ui-pictures-colourless = Es sind keine Farben da, um es zu zeigen. s speichert es in eine Datei.
ui-lens-none = Noch nichts: hier steht die Eingabe und alles, was vom Zweig mit ihr gesendet wird
ui-lens-draft = die Eingabe
ui-lens-left-out = weggelassen
ui-lens-empty = enthält nichts
ui-lens-covered = zusammengefasst
ui-lens-summary = Zusammenfassung
ui-lens-estimate = eine Schätzung
ui-lens-sum = { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
 } · ≈ { $tokens } Token
ui-tree-empty = Keine Nachricht ist übrig: u holt Gelöschtes zurück
ui-tree-none = Nichts passt: Esc zeigt alle
ui-tree-shown = { $shown } von { $all ->
    [one] 1 Nachricht
   *[other] { $all } Nachrichten
 }
ui-tree-branches = { $count ->
    [one] 1 Zweig
   *[other] { $count } Zweige
 }
ui-tree-live = läuft
ui-tree-cut = ✂ abgerissen
ui-tree-cut-at = ✂ abgerissen bei { $tokens } Token
ui-tree-stopped = ■ angehalten
ui-tree-foot = Enter öffnen · / Text · ? Tasten · o Fenster · z falten · x löschen · u zurück · f M Filter · s Stern · l Beschriftung · m merken · c Strecken · n N Enden · J K Geschwister · q zu
ui-tree-foot-filter = Enter behalten · Esc alle zeigen · ↑ ↓ gehen

ui-usage = Verbrauch
ui-usage-foot = Enter hinein · Tab wonach · [ ] Tage · v Bilder · s Ordnung · / Text · e Anfragen · b Zweige · ? Tasten · d eigene Tage · w blinde Wahl · q zu
ui-usage-foot-filter = Enter behalten · Esc alle zeigen · ↑ ↓ gehen
ui-usage-foot-events = Enter zur Nachricht · ← zurück · ↑ ↓ gehen · [ ] Tage · Tab wonach · ? Tasten · q zu
ui-wins = blinde Wahl
ui-wins-foot = w Verbrauch · Esc schließen
ui-wins-none = Noch wurde nichts blind gewählt: ^T beim Auffächern verbirgt, wer antwortet
ui-wins-shown = gezeigt
ui-wins-won = gewählt
ui-wins-share = Anteil
ui-usage-loading = wird addiert…
ui-usage-failed = Konnte nicht addiert werden: { $reason }
ui-usage-none = In diesen Tagen wurde nichts verbraucht
ui-usage-requests = Anfragen
ui-usage-price = Preis
ui-usage-in = ein
ui-usage-out = aus
ui-usage-cached = Cache
ui-usage-p50 = p50
ui-usage-p95 = p95
ui-usage-first = erstes
ui-usage-first-p95 = p95
ui-usage-speed = T/s
ui-usage-errors = Fehler
ui-usage-energy = Energie
ui-usage-carbon = CO2e
ui-usage-footprint = etwa { $energy }, { $carbon } CO2e
ui-usage-footprint-unknown = { $count ->
    [one] 1 Anfrage ohne Schätzung
   *[other] { $said } Anfragen ohne Schätzung
 }
ui-usage-unknown = unbekannt
ui-usage-unpriced = { $count ->
    [one] 1 Anfrage ohne bekannten Preis, nicht in der Summe
   *[other] { $said } Anfragen ohne bekannten Preis, nicht in der Summe
 }
ui-usage-estimated = Tokens von { $count } geschätzt
ui-usage-damaged = { $count ->
    [one] 1 beschädigte Zeile ausgelassen (loquat usage verify)
   *[other] { $count } beschädigte Zeilen ausgelassen (loquat usage verify)
 }
ui-usage-lineage = dieser Zweig { $branch } = mit anderen geteilt { $shared } + allein { $own }
ui-usage-lineage-whole = Unterhaltung { $whole }, { $others ->
    [0] kein anderer Zweig
    [one] 1 anderer Zweig
   *[other] { $others } andere Zweige
 }
ui-usage-price-hour = Preis je Stunde
ui-usage-price-day = Preis je Tag
ui-usage-price-week = Preis je Woche
ui-usage-requests-hour = Anfragen je Stunde
ui-usage-requests-day = Anfragen je Tag
ui-usage-requests-week = Anfragen je Woche
ui-usage-bar = { $name }, { $count } je Balken
ui-usage-most = bis { $most }
ui-usage-others = { $count } weitere
ui-usage-weekdays = Mo Di Mi Do Fr Sa So
ui-usage-by-hour = Anfragen nach Stunde der Woche
ui-usage-busiest = stärkste Stunde: { $day } { $hour } Uhr, { $count } Anfragen
ui-usage-latency = Dauer
ui-usage-ttft = erstes Wort
ui-usage-percentiles = p50 { $half } · p95 { $most }
ui-usage-mark-half = ▲ p50
ui-usage-mark-most = ▲ p95
ui-usage-mark-both = ▲ p50, p95
ui-usage-unmeasured = nicht gemessen
ui-usage-speed-name = Tempo
ui-usage-rate = { $rate } Tokens/s
ui-usage-cached-share = aus dem Cache
ui-usage-failed-share = gescheitert
ui-usage-stopped = angehalten
ui-usage-cut = abgerissen
ui-usage-events = { $count } Anfragen, die letzte zuerst
ui-event-ok = ok
ui-event-when = wann
ui-event-model = Modell
ui-event-served = geantwortet hat { $model }
ui-event-alias = gefragt als { $alias }
ui-event-from = von
ui-event-tokens = Tokens
ui-event-in = { $count } ein
ui-event-cached = { $count } aus dem Cache
ui-event-written = { $count } in den Cache
ui-event-out = { $count } aus
ui-event-thought = { $count } davon gedacht
ui-event-estimated = geschätzt
ui-event-dollars = ${ $price } zu { $rate }
ui-event-time = Dauer
ui-event-first = erstes Wort { $time }
ui-event-end = Ende
ui-event-attempt = Versuch { $at } von { $all }
ui-event-over = über Budget: { $budgets }
ui-event-conversation = Unterhaltung
ui-event-estimate = Schätzung
ui-event-line = Zeile
ui-event-byte = Byte { $at }
ui-side-requests = { $count ->
    [one] 1 Anfrage
   *[other] { $said } Anfragen
 }
ui-side-conversation = diese Unterhaltung
ui-side-branch = dieser Zweig
ui-side-shared = davon geteilt
ui-side-own = davon allein
ui-side-others = { $count ->
    [one] 1 anderer Zweig
   *[other] { $count } andere Zweige
 }
ui-side-damaged = { $count ->
    [one] 1 beschädigte Zeile fehlt
   *[other] { $count } beschädigte Zeilen fehlen
 }
ui-side-no-estimate = ohne Schätzung
ui-side-of = { $spent } von { $limit }
ui-budget-figures = { $percent } % { $spent } von { $limit }
ui-budget-soft = weiche Grenze
ui-budget-hard = verbraucht
ui-budget-unpriced = { $count } ohne Preis
ui-budget-renews = neu { $at }
ui-usage-place = { " " }{ $from }–{ $to } von { $all }
ui-usage-total = Summe

ui-linear-hello = Loquat. Fragen gehen an { $endpoint }, Modell { $model }. Eine tippen, oder /help. Strg+C hält eine Antwort an, zweimal beendet es.
ui-linear-asks = Jetzt wird { $owner } gefragt, { $model }.
ui-linear-opened = Unterhaltung: { $title }, { $count ->
    [one] { $count } Nachricht
   *[other] { $count } Nachrichten
}, { $branches ->
    [one] { $branches } Zweig
   *[other] { $branches } Zweige
}.
ui-linear-new = Neue Unterhaltung.
ui-linear-before = { $count ->
    [one] { $count } Nachricht davor; /top liest von vorn.
   *[other] { $count } Nachrichten davor; /top liest von vorn.
}
ui-linear-you = Frage:
ui-linear-you-of = Frage, { $at } von { $count }:
ui-linear-answers = { $name } antwortet:
ui-linear-answers-of = { $name } antwortet, { $at } von { $count }:
ui-linear-by = von { $name }
ui-linear-tokens = { $count ->
    [one] { $count } Token
   *[other] { $count } Token
}
ui-linear-cents = { $amount } Cent
ui-linear-euros = { $amount } Euro
ui-linear-least = weniger als 0.01 Cent
ui-linear-end = Ende der Antwort.
ui-linear-end-facts = Ende der Antwort, { $facts }.
ui-linear-length = Sie endete an der Längengrenze; /continue setzt fort.
ui-linear-stopped = Angehalten. /continue setzt fort, /regenerate fragt erneut.
ui-linear-stopped-empty = Angehalten. /regenerate fragt erneut.
ui-linear-failed = Gescheitert, { $kind }{ $status }: { $reason }. { $next }
ui-linear-retry = /regenerate fragt erneut.
ui-linear-cut = Die Antwort ist abgerissen. /continue setzt fort, /regenerate fragt erneut.
ui-linear-too-long = /fit sagt, was hilft, /regenerate fragt erneut.
ui-linear-reasoning = Überlegungen.
ui-linear-reasoned = Ende der Überlegungen, { $words ->
    [one] { $words } Wort
   *[other] { $words } Wörter
}; /fold liest sie.
ui-linear-reasoning-read = Überlegungen:
ui-linear-reasoning-end = Ende der Überlegungen.
ui-linear-tool = Ruft { $name } mit { $input }
ui-linear-result = { $name } gab { $output }
ui-linear-attached = Angehängt: { $name }
ui-linear-image = Bild: { $about }
ui-linear-pictures = { $count ->
    [one] Ein Bild auf diesem Zweig:
   *[other] { $count } Bilder auf diesem Zweig:
}
ui-linear-picture = { $number }. { $about }
ui-linear-picture-facts = { $name }, { $width } mal { $height }, { $size }
ui-linear-source = Quelle: { $title } ({ $target })
ui-linear-summary = Zusammenfassung des Vorigen, { $words ->
    [one] { $words } Wort.
   *[other] { $words } Wörter.
}
ui-linear-heading = Überschrift { $level }:
ui-linear-open = zu tun:
ui-linear-done-task = getan:
ui-linear-quote = Zitat:
ui-linear-quote-end = Ende des Zitats.
ui-linear-code = Code { $number }:
ui-linear-code-in = Code { $number }, { $language }:
ui-linear-code-end = Ende von Code { $number }, { $lines ->
    [one] { $lines } Zeile.
   *[other] { $lines } Zeilen.
}
ui-linear-table = Tabelle mit den Spalten: { $columns }.
ui-linear-row = Zeile { $number }.
ui-linear-table-end = Ende der Tabelle, { $rows ->
    [one] { $rows } Zeile.
   *[other] { $rows } Zeilen.
}
ui-linear-kept = Als Entwurf behalten: eine leere Zeile sendet ihn, eine andere ersetzt ihn.
ui-linear-edit = Die nächste Zeile tritt an die Stelle dieser, neben ihr im Baum; /leave ändert nichts:
ui-linear-draft = Entwurf: eine leere Zeile sendet ihn, eine andere ersetzt ihn:
ui-linear-bad = Achtung: { $text }
ui-linear-done = Fertig.
ui-linear-yes-or-no = y oder n:
ui-linear-menu = { $title }, { $count }:
ui-linear-menu-none = { $title }: { $none } Eine leere Zeile verlässt.
ui-linear-menu-foot = Eine Zahl wählt, Wörter filtern, eine leere Zeile verlässt.
ui-linear-menu-foot-mark = Eine Zahl markiert, Wörter filtern, /send fragt die Markierten, eine leere Zeile verlässt.
ui-linear-marked = { $count ->
    [one] Für { $count } Antwort markiert.
   *[other] Für { $count } Antworten markiert.
}
ui-linear-more = { $count } mehr: + liest weiter.
ui-linear-no-more = Keine mehr.
ui-linear-no-number = Eine Nummer { $number } gibt es nicht.
ui-linear-starred = mit Stern
ui-linear-current = jetzt
ui-linear-chosen = markiert
ui-linear-fails = scheitert
ui-linear-form = { $title }. Eine leere Zeile behält, was da ist, - leert es, /leave ändert nichts.
ui-linear-held = Jetzt: { $text }
ui-linear-summarising = { $model } schreibt eine Zusammenfassung; /leave hält sie an.
ui-linear-page-foot = Ende der Seite. Eine leere Zeile geht zurück.
ui-linear-tree = Baum, { $count ->
    [one] { $count } Nachricht. Weiter eingerückte Zeilen stehen auf einem anderen Zweig.
   *[other] { $count } Nachrichten. Weiter eingerückte Zeilen stehen auf einem anderen Zweig.
}
ui-linear-tree-row = { $number }. { $name }: { $text }
ui-linear-tree-here = { $number }. { $name }, auf diesem Zweig: { $text }
ui-linear-tree-foot = Eine Zahl geht zu jener Nachricht, eine leere Zeile verlässt.
ui-linear-usage-more = Und { $count } weitere Zeilen.
ui-linear-usage-foot = Eine Zahl geht in jene Zeile, /usage-back zurück; /usage-group, /usage-range, /usage-dates und /usage-sort fragen nach anderem, eine leere Zeile verlässt.
ui-linear-help = Eine Zeile ist eine Frage. Endet sie mit einem umgekehrten Schrägstrich, geht sie auf der nächsten weiter. Befehle:

### help: Was --help über Schalter und Befehle sagt. In der ersten Sprache stehen diese Texte im Quelltext.

help-heading-usage = Aufruf
help-heading-options = Optionen
help-heading-arguments = Argumente
help-heading-commands = Befehle

help-loquat = Unterhaltungen mit vielen Modellen, in Zweigen, im Terminal.
help-help = Hilfe zu einem Befehl ausgeben

## Was in vielen Befehlen gleich ist
help-any-help = Hilfe ausgeben
help-any-version = Version ausgeben
help-any-config = Konfigurationsdatei
help-any-quiet = Nur Fehler auf stderr
help-any-verbose = Mehr auf stderr sagen
help-any-json = JSON ausgeben
help-any-endpoint = Endpunkt
help-any-label = Bezeichnung
help-any-limit = Höchstens so viele
help-any-model = Nur dieses Modell, nach der gesendeten Kennung
help-any-key = Bezeichnung des Schlüssels

## Fragen
help-loquat-prompt = Dies fragen und die Antwort ausgeben; `-` liest die Frage von stdin
help-loquat-endpoint = Endpunkt, der gefragt wird
help-loquat-model = Modell, das gefragt wird: eine Kennung, oder ENDPUNKT/MODELL
help-loquat-key = Bezeichnung des Schlüssels, der gilt
help-loquat-preset = Voreinstellung für den Anfang; andere Schalter gehen vor
help-loquat-system = Systemprompt
help-loquat-files = Textdatei, die mitgeht; auch mehrmals
help-loquat-params = Parameter der Anfrage, als JSON oder Text; auch mehrmals
help-loquat-continue-last = Die letzte Unterhaltung fortsetzen
help-loquat-conversation = Diese Unterhaltung fortsetzen
help-loquat-at = Bei dieser Nachricht fortsetzen: unter einer Antwort, neben einer Frage
help-loquat-fork = Den Weg zu jener Nachricht erst in eine neue Unterhaltung kopieren
help-loquat-over-budget = Auch senden, wenn ein Budget verbraucht ist; das Ereignis sagt es
help-loquat-no-save = Von dieser Frage nichts speichern als ihr Ereignis
help-loquat-json = Am Ende ein JSON-Objekt ausgeben
help-loquat-jsonl = Je Zeile ein JSON-Ereignis ausgeben
help-loquat-no-stream = Den Anbieter um eine ganze Antwort bitten
help-loquat-render = Markdown darstellen
help-loquat-color = Farben benutzen
help-loquat-timeout = Grenze für den ganzen Lauf, in Sekunden
help-loquat-no-stdin = Nie von stdin lesen
help-loquat-inline = Die App ohne den zweiten Bildschirm zeigen

help-value-render-auto = Wo stdout ein Terminal ist
help-value-render-always = Auf jeden Fall
help-value-render-never = Auf keinen Fall
help-value-color-auto = Wo stdout ein Terminal ist
help-value-color-always = Auf jeden Fall
help-value-color-never = Auf keinen Fall

## Endpunkte und Modelle
help-endpoints = Endpunkte und ihren Stand aufzählen, oder einen prüfen
help-endpoints-list = Endpunkte aufzählen
help-endpoints-test = Einen Endpunkt Schritt für Schritt prüfen: was gesendet wird, was kommt und was daraus wird
help-endpoints-test-more = Um zwei Antworten von wenigen Token wird gebeten; --no-chat lässt sie weg.
help-endpoints-test-name = Endpunkt
help-endpoints-test-model = Modell, das gefragt wird; sonst das erste der Liste
help-endpoints-test-no-chat = Kein Modell fragen: nichts, was etwas kostet
help-endpoints-test-record = Aufheben, was gesendet wurde und kam, ohne Geheimnisse, für einen Fehlerbericht
help-endpoints-test-replay = Lesen, was --record aufhob, ohne Netz und Schlüssel
help-models = Modelle aufzählen
help-models-endpoint = Nur von diesem Endpunkt
help-models-key = Nur vom Schlüssel mit dieser Bezeichnung
help-models-refresh = Die Listen jetzt holen

## Schlüssel
help-keys = Schlüssel verwalten
help-keys-set = Einen Schlüssel speichern, erfragt oder von stdin gelesen
help-keys-set-store = Wo er liegt
help-keys-set-base-url = Die Basis-URL dazu, für Endpunkte, die danach fragen
help-keys-set-expires = Wie lange er gilt: 30m, 2h, 12h, 1d, 7d, 30d, never
help-value-store-keyring = Der Schlüsselbund des Betriebssystems
help-value-store-file = Eine Datei, die sonst niemand lesen kann
help-keys-list = Schlüssel aufzählen, ohne ihre Geheimnisse
help-keys-remove = Einen gespeicherten Schlüssel vergessen
help-keys-test = Einen Endpunkt mit einem Schlüssel nach seinen Modellen fragen

## Unterhaltungen
help-list = Unterhaltungen aufzählen
help-list-archived = Stattdessen die im Archiv
help-list-pinned = Nur die angehefteten
help-list-tag = Nur die mit diesem Schlagwort (mehrmals: mit allen)
help-show = Den gewählten Zweig einer Unterhaltung ausgeben, oder eine Nachricht
help-show-id = Unterhaltung oder Nachricht: eine Kennung oder ein eindeutiger Anfang davon
help-tree = Den Baum einer Unterhaltung ausgeben
help-tree-id = Unterhaltung: eine Kennung oder ein eindeutiger Anfang davon
help-search = Nachrichten finden
help-search-words = Wörter und "Wortfolgen"
help-export = Unterhaltungen in Dateien schreiben
help-export-id = Unterhaltung
help-export-all = Jede Unterhaltung, in den Ordner, den -o nennt
help-export-format = Format
help-value-format-markdown = Markdown; alle Zweige, mit Zeichen, wo sie sich trennen
help-value-format-text = Reiner Text; alle Zweige, mit Zeichen, wo sie sich trennen
help-value-format-json = Das eigene JSON; der ganze Baum, ohne Verlust
help-value-format-librechat = JSON, das LibreChat einliest, mit jedem Zweig
help-export-branch = Nur der Zweig, der in dieser Nachricht endet
help-export-output = Datei (oder, mit --all, Ordner) für die Ausgabe; sonst stdout
help-export-force = Die Datei ersetzen, die -o nennt
help-import = Unterhaltungen einlesen aus Dateien von Loquat, LibreChat, ChatGPT, Claude oder Chatbot UI
help-import-files = Dateien; `-` liest von stdin. Ihr Format verrät ihr Inhalt
help-import-dry-run = Nichts speichern, und sagen, was eingelesen würde und was nicht zu lesen ist
help-import-again = Was schon da ist, noch einmal einlesen, als Kopie
help-rm = Unterhaltungen, oder Nachrichten und was auf sie folgt, in den Papierkorb legen
help-rm-ids = Unterhaltungen, oder Nachrichten: eine geht mit allem, was auf sie folgt
help-trash = Was im Papierkorb ist
help-trash-list = Aufzählen, was im Papierkorb ist
help-trash-restore = Etwas zurückholen
help-trash-restore-id = Kennung, oder ein eindeutiger Anfang davon
help-trash-empty = Alles im Papierkorb endgültig entfernen, auch aus dem freien Platz der Datenbank
help-backup = Die Datenbank in eine Datei kopieren
help-backup-file = Datei, die geschrieben wird; es darf sie noch nicht geben

## Verbrauch und Preise
help-usage = Was verbraucht wurde und was es kostete
help-usage-by = Danach gruppieren; `branch` braucht --conversation
help-value-by-day = Tag, Ortszeit
help-value-by-week = Woche nach ISO 8601, Ortszeit: `2026-W47`
help-value-by-model = Gesendetes Modell
help-value-by-endpoint = Endpunkt
help-value-by-key = `ENDPUNKT/BEZEICHNUNG`
help-value-by-conversation = Kennung der Unterhaltung
help-value-by-branch = Zweig, nach seinem Blatt
help-value-by-user = Wer fragte
help-value-by-mode = Wofür gefragt wurde
help-value-mode-tui = Eine Frage in der App
help-value-mode-oneshot = Eine Frage mit `--prompt`
help-value-mode-title = Ein Titel
help-value-mode-summary = Eine Zusammenfassung
help-value-mode-imported = Etwas anderes: andere haben es gezählt, und es wurde übernommen
help-usage-endpoint = Nur dieser Endpunkt
help-usage-key = Nur dieser Schlüssel von --endpoint
help-usage-conversation = Nur diese Unterhaltung: ihre Kennung, oder ein eindeutiger Anfang davon
help-usage-user = Nur, was diese Person fragte
help-usage-mode = Nur, was dafür gefragt wurde
help-usage-since = Erster Tag: JJJJ-MM-TT; ohne ihn 30 Tage
help-usage-until = Letzter Tag, einschließlich: JJJJ-MM-TT; ohne ihn heute
help-usage-csv = Durch Kommas getrennte Werte ausgeben
help-usage-html = Eine Seite mit Bildern schreiben, die jeder Browser zeigt: in diese Datei, `-` für stdout
help-usage-wins = Statt des Verbrauchs: wie oft jedes Modell gewählt wurde, wo blind geurteilt wurde
help-usage-verify = Jede Zeile des Protokolls lesen und sagen, was beschädigt ist; endet dann mit 1
help-usage-archive = Mit alten Monaten tun, was `telemetry.retention` sagt; die App tut es von selbst
help-usage-import = Ins Protokoll übernehmen, was andere gezählt haben; was schon da ist, bleibt weg
help-usage-import-more = LiteLLMs Verbrauchsprotokolle, und der Verbrauch, den OpenAI und Anthropic ausgeben, als CSV oder JSON.
help-usage-import-file = Die Datei
help-usage-import-from = Wer sie schrieb; ohne Angabe sagen es ihre Spalten
help-value-from-litellm = LiteLLMs Verbrauchsprotokolle: die Tabelle, oder was `/spend/logs` antwortet
help-value-from-openai = OpenAIs Verbrauch: die Ausgabe, oder Seiten der API
help-value-from-anthropic = Anthropics Verbrauch: die Ausgabe der Konsole, oder Seiten der API
help-prices = Was Modelle kosten, und wer das sagt
help-prices-list = Aufzählen, was Anbieter verlangen, in US-Dollar für eine Million Token
help-prices-list-words = Nur, wo all diese Wörter im Anbieter oder Modell stehen
help-prices-explain = Alles zeigen, was den Preis eines Modells nennt, und was davon gilt
help-prices-explain-model = Modell: eine Kennung, oder ENDPUNKT/MODELL
help-prices-explain-endpoint = Nur bei diesem Endpunkt
help-prices-explain-usage = Sagen, was diese Token kosten: {"{"}"tokens_in":1000,"tokens_out":200,"cached_in":600{"}"}, wie in --json
help-prices-import = Die Preise aus LiteLLMs model_prices_and_context_window.json übernehmen
help-prices-import-more = Sie liegen im Datenordner, anstelle der zuvor übernommenen.
help-prices-import-from = Datei, oder Adresse mit https://

## Der Rest
help-router = Wie es um die Routen der Aliase steht
help-router-status = Zeigen, was von den Routen jedes Alias bekannt ist, von jedem Prozess gelernt; fragt niemanden
help-router-status-more = Ein offener Kreis wird nicht gefragt, bis seine Zeit um ist; ein halb offener einmal, um zu sehen, ob es wieder geht.
help-telemetry = Wer Anfrage-Ereignisse bekommt, nach `telemetry.sinks`; niemand, solange das nicht konfiguriert ist
help-telemetry-status = Zeigen, was jedes Ziel bekam, was darauf wartet und was zuletzt misslang
help-telemetry-flush = Alles Wartende jetzt liefern; die App tut das von selbst
help-telemetry-flush-sink = Nur dieses Ziel
help-telemetry-replay = Noch einmal liefern, was schon geliefert wurde; an den Kennungen erkennt ein Sammler, was er hat
help-telemetry-replay-sink = Ziel
help-telemetry-replay-since = Erster UTC-Tag: JJJJ-MM-TT; ohne ihn alles, was das Protokoll hat
help-telemetry-preview = Zeigen, was als Nächstes gesendet wird, Byte für Byte, die Werte der Kopfzeilen verdeckt; sendet nichts
help-telemetry-preview-sink = Nur dieses Ziel
help-telemetry-preview-count = Wie viele Lieferungen je Ziel
help-doctor = Alles ansehen, was dieses Programm braucht, und sagen, was zu tun ist; fragt nichts, was Geld kostet
help-doctor-endpoint = Nur diesen Endpunkt ansehen
help-doctor-key = Nur Schlüssel mit dieser Bezeichnung ansehen
help-config = Die Konfiguration prüfen, anlegen und zeigen
help-config-check = Jeden Mangel der Konfiguration nennen
help-config-check-file = Datei, die statt der geltenden geprüft wird
help-config-init = Eine erläuterte Konfiguration für den Anfang schreiben
help-config-init-force = Eine Datei ersetzen, die da ist
help-config-path = Ausgeben, wo die Konfiguration liegt
help-config-show = Die geltende Konfiguration ausgeben, Geheimnisse verdeckt
help-config-explain = Ausgeben, wohin ein Alias führt, und welche Zeilen welcher Dateien das sagen
help-config-explain-alias = Alias, oder ein Name, auf den ein Muster passt
help-completions = Ein Skript zum Vervollständigen für eine Shell ausgeben
help-completions-shell = Shell
help-man = Die Handbuchseite ausgeben

## Dazugekommen
help-loquat-linear = Die App Zeile für Zeile, für Bildschirmleser und serielle Leitungen
help-keys-debug = Zeigen, was das Terminal für jede Taste sendet, und was sie auslöst
help-keys-debug-json = Je Zeile ein JSON-Objekt ausgeben, wohin stdout auch führt
