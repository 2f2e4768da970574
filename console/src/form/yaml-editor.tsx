import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { RecipeProblem } from '../../../src/server/console-api/console-types.ts';
import { styleNonce } from '../theme.ts';
import { messageOf } from './error-schema.ts';
import classes from './yaml-editor.module.css';

interface YamlEditorProps {
  readonly text: string;
  readonly label: string;
  readonly problems: readonly RecipeProblem[];
  readonly warnings: readonly RecipeProblem[];
  readonly onChange: (text: string) => void;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--yaml-key)' },
  { tag: [tags.string, tags.content], color: 'var(--yaml-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--yaml-word)' },
  { tag: tags.comment, color: 'var(--console-quiet)', fontStyle: 'italic' },
]);

/** A recipe as text, with its mistakes marked where they are. Tab indents; Escape, then Tab leaves it. */
export default function YamlEditor({ text, label, problems, warnings, onChange }: YamlEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(onChange);
  told.current = onChange;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text it begins with; later ones come below
  useEffect(() => {
    const editor = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          lintGutter(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          yaml(),
          indentUnit.of('  '),
          syntaxHighlighting(colours),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          EditorView.lineWrapping,
          EditorView.cspNonce.of(styleNonce()),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state, transactions }) => {
            const typed = transactions.some(
              (each) =>
                each.isUserEvent('input') ||
                each.isUserEvent('delete') ||
                each.isUserEvent('undo') ||
                each.isUserEvent('redo') ||
                each.isUserEvent('move'),
            );
            if (docChanged && typed) told.current(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { doc } = editor.state;
    const marks = [
      ...problems.map((each) => diagnosticOf(each, 'error', doc)),
      ...warnings.map((each) => diagnosticOf(each, 'warning', doc)),
    ];
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [problems, warnings]);
  return <div ref={box} className={classes.editor} />;
}

function diagnosticOf(problem: RecipeProblem, severity: Diagnostic['severity'], doc: Text): Diagnostic {
  const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
  const from = Math.min(line.from + Math.max(problem.column - 1, 0), line.to);
  return { from, to: Math.max(line.to, from), severity, message: messageOf(problem) };
}
